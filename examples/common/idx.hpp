// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

/// The IDX format of MNIST and its kin: two zero bytes, the element type (8: bytes), the number of axes, one big-endian
/// 32-bit extent an axis, then the elements, row-major; here compressed with gzip (or not: zlib reads both).
namespace idx {

/// More than any data set of this format holds; a header that asks for more is wrong, and would ask for memory first.
inline constexpr std::uint64_t largest = std::uint64_t{1} << 28;

namespace detail {

class file {
public:
    file(std::string path, const std::string& fix) : path_(std::move(path)), stream_(gzopen(path_.c_str(), "rb"), &gzclose) {
        if (!stream_) refuse(std::string("cannot be opened: ") + std::strerror(errno) + (fix.empty() ? "." : ". Fix: " + fix));
    }
    [[noreturn]] void refuse(const std::string& what) const { throw xgrad::binding_error("'" + path_ + "' " + what); }

    /// Up to `count` bytes; fewer where the file ends early, which is for the caller to tell.
    std::size_t read(std::uint8_t* to, std::size_t count) {
        std::size_t done = 0;
        while (done < count) {
            const auto part = static_cast<unsigned>(std::min<std::size_t>(count - done, std::size_t{1} << 24));
            const int got = gzread(stream_.get(), to + done, part);
            if (got < 0) refuse("is damaged after " + std::to_string(done) + " of " + std::to_string(count) + " bytes: " + error_text() + ".");
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }
    std::uint32_t number(const char* what) {
        std::array<std::uint8_t, 4> bytes{};
        if (const std::size_t got = read(bytes.data(), 4); got != 4)
            refuse("ends in its header: " + std::string(what) + " has " + std::to_string(got) + " of 4 bytes.");
        return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
    }

private:
    std::string path_;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> stream_;

    std::string error_text() const {
        int code = 0;
        const char* text = gzerror(stream_.get(), &code);
        return text && *text ? text : "zlib error " + std::to_string(code);
    }
};

}  // namespace detail

/// Reads bytes with `Axes` axes. Nothing in the file is believed before it is checked.
///
/// Errors  binding_error that names the file and both numbers: another magic number or other extents than asked for (0 takes
///         any), more than `largest` bytes, less data or more than the header says; a missing file, with `fix` as the remedy
template <std::size_t Axes>
xgrad::tensor<std::uint8_t, Axes> read(const std::string& path, const std::array<std::size_t, Axes>& wanted = {}, const std::string& fix = {}) {
    detail::file in(path, fix);
    constexpr std::uint32_t magic = 0x0800 + Axes;
    if (const std::uint32_t found = in.number("the magic number"); found != magic)
        in.refuse("has the magic number " + std::to_string(found) + ", wanted " + std::to_string(magic) + " (bytes with " + std::to_string(Axes) + " axes).");

    std::array<std::size_t, Axes> extents{};
    std::uint64_t total = 1;
    for (std::size_t a = 0; a < Axes; ++a) {
        const std::string axis = "axis " + std::to_string(a);
        extents[a] = in.number(axis.c_str());
        if (extents[a] == 0) in.refuse("has 0 elements on " + axis + ", wanted 1 or more.");
        if (wanted[a] != 0 && extents[a] != wanted[a])
            in.refuse("has " + std::to_string(extents[a]) + " elements on " + axis + ", wanted " + std::to_string(wanted[a]) + ".");
        if (extents[a] > largest / total)  // before the product, which could overflow
            in.refuse("claims " + std::to_string(total) + " x " + std::to_string(extents[a]) + " bytes or more, the limit is " + std::to_string(largest) + ".");
        total *= extents[a];
    }

    xgrad::tensor<std::uint8_t, Axes> data(extents);
    if (const std::size_t got = in.read(data.data(), total); got != total)
        in.refuse("has " + std::to_string(got) + " bytes of data, its header says " + std::to_string(total) + ".");
    // The next read also makes zlib compare its checksum.
    if (std::uint8_t more = 0; in.read(&more, 1) != 0) in.refuse("has more than the " + std::to_string(total) + " bytes of data its header says.");
    return data;
}

}  // namespace idx
