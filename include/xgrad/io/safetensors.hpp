// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/io/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <vector>

namespace xgrad::io {

static_assert(std::endian::native == std::endian::little, "xgrad::io: safetensors files are little-endian, and so must the machine be.");

/// The format: 8 bytes with the length of a JSON header, the header, the numbers. The header names each tensor with its type,
/// extents and the range of its bytes; the ranges follow each other without gaps and fill the file.
struct safetensors_entry {
    std::string name;
    std::string type;  ///< "F32", "F64", "BF16", ...
    std::vector<std::uint64_t> extents;
    std::uint64_t begin = 0, end = 0;  ///< bytes, counted from the end of the header
};

/// Bytes of one number of a type, or 0.
constexpr std::uint64_t bytes_of_type(std::string_view type) {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 14> known{{{"BOOL", 1}, {"U8", 1}, {"I8", 1}, {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2},
                                                                               {"F16", 2}, {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4}, {"F64", 8}, {"I64", 8}}};
    for (const auto& [name, bytes] : known)
        if (name == type) return bytes;
    return type == "U64" ? 8 : 0;
}

/// A file open for reading. Its header is checked completely before anything else is read; a tensor's numbers are read when asked for.
///
/// Errors  file_error where it cannot be read; format_error, with the byte, where it is not what the format says: it is of another kind, cut off or damaged
class safetensors_file {
public:
    static constexpr std::uint64_t longest_header = 100'000'000;

    explicit safetensors_file(const std::filesystem::path& path) : path_(path.string()), stream_(path, std::ios::binary) {
        std::error_code none;
        const auto size = std::filesystem::is_regular_file(path, none) ? std::filesystem::file_size(path, none) : 0;
        if (!stream_ || none || !std::filesystem::is_regular_file(path, none)) throw file_error("xgrad::io: " + path_ + " cannot be read. Fix: check the path.");
        try {
            read_header(size);
        } catch (const format_error& e) {
            throw format_error("xgrad::io: " + path_ + " is no safetensors file, or not a whole one: " + e.what() + ". Fix: check the path, and that the file was written and copied to its end.");
        }
    }
    const std::vector<safetensors_entry>& entries() const { return entries_; }
    const std::map<std::string, std::string>& metadata() const { return metadata_; }
    const std::string& path() const { return path_; }
    /// The entry of a name, or nullptr.
    const safetensors_entry* find(std::string_view name) const {
        for (const safetensors_entry& e : entries_)
            if (e.name == name) return &e;
        return nullptr;
    }
    std::vector<char> bytes(const safetensors_entry& e) {
        std::vector<char> made(static_cast<std::size_t>(e.end - e.begin));
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(data_ + e.begin));
        if (!stream_.read(made.data(), static_cast<std::streamsize>(made.size())) && !made.empty()) throw file_error("xgrad::io: " + path_ + ": the numbers of \"" + e.name + "\" cannot be read.");
        return made;
    }

private:
    std::string path_;
    std::ifstream stream_;
    std::vector<safetensors_entry> entries_;
    std::map<std::string, std::string> metadata_;
    std::uint64_t data_ = 0;

    void read_header(std::uint64_t size) {
        std::array<unsigned char, 8> raw{};
        if (size < raw.size() || !stream_.read(reinterpret_cast<char*>(raw.data()), 8)) throw format_error("byte 0: the file is shorter than the 8 bytes of the header's length");
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < 8; ++i) length |= static_cast<std::uint64_t>(raw[i]) << (8 * i);
        if (length > size - 8 || length > longest_header)
            throw format_error("byte 0: a header of " + std::to_string(length) + " bytes in a file of " + std::to_string(size) + " (at most " + std::to_string(longest_header) + ")");
        std::string text(static_cast<std::size_t>(length), ' ');
        if (!stream_.read(text.data(), static_cast<std::streamsize>(length))) throw format_error("byte 8: the header cannot be read");
        data_ = 8 + length;
        if (text.empty() || text[0] != '{') throw format_error("byte 8: '{' expected");
        json_reader json(text, 8);
        std::set<std::string> names;
        json.expect('{');
        for (bool more = !json.take('}'); more;) {
            const std::uint64_t where = json.offset();
            std::string name = json.string();
            if (!names.insert(name).second) throw format_error("byte " + std::to_string(where) + ": the name \"" + name + "\" stands twice");
            json.expect(':');
            if (name == "__metadata__") {
                read_metadata(json);
            } else {
                entries_.push_back(read_entry(json, std::move(name)));
            }
            more = json.take(',');
            if (!more) json.expect('}');
        }
        json.end();
        check_ranges(size - data_);
    }
    void read_metadata(json_reader& json) {
        json.expect('{');
        if (json.take('}')) return;
        do {
            std::string key = json.string();
            json.expect(':');
            if (!metadata_.emplace(std::move(key), json.string()).second) json.fail("a key of the metadata stands twice");
        } while (json.take(','));
        json.expect('}');
    }
    static safetensors_entry read_entry(json_reader& json, std::string name) {
        safetensors_entry e{.name = std::move(name), .type = {}, .extents = {}};
        bool typed = false, shaped = false, placed = false;
        json.expect('{');
        do {
            const std::string key = json.string();
            json.expect(':');
            if (key == "dtype" && !typed) {
                e.type = json.string();
                typed = true;
            } else if (key == "shape" && !shaped) {
                json.expect('[');
                for (bool more = !json.take(']'); more;) {
                    e.extents.push_back(json.whole_number());
                    more = json.take(',');
                    if (!more) json.expect(']');
                }
                shaped = true;
            } else if (key == "data_offsets" && !placed) {
                json.expect('[');
                e.begin = json.whole_number();
                json.expect(',');
                e.end = json.whole_number();
                json.expect(']');
                placed = true;
            } else {
                json.fail("\"" + key + "\" of \"" + e.name + "\": one each of dtype, shape and data_offsets is wanted");
            }
        } while (json.take(','));
        json.expect('}');
        if (!typed || !shaped || !placed) json.fail("\"" + e.name + "\" lacks its dtype, shape or data_offsets");
        std::uint64_t bytes = bytes_of_type(e.type);
        if (bytes == 0) json.fail("\"" + e.name + "\" has the type \"" + e.type + "\", which is not known");
        const bool empty = std::find(e.extents.begin(), e.extents.end(), std::uint64_t{0}) != e.extents.end();
        for (const std::uint64_t n : e.extents) {
            if (!empty && bytes > UINT64_MAX / n) json.fail("the extents of \"" + e.name + "\" multiply to more than 2^64");
            bytes = empty ? 0 : bytes * n;
        }
        if (e.end < e.begin || e.end - e.begin != bytes)
            json.fail("\"" + e.name + "\" needs " + std::to_string(bytes) + " bytes, but its data_offsets are " + std::to_string(e.begin) + " to " + std::to_string(e.end));
        return e;
    }
    void check_ranges(std::uint64_t available) const {
        std::vector<const safetensors_entry*> order;
        for (const safetensors_entry& e : entries_) order.push_back(&e);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return std::pair(a->begin, a->end) < std::pair(b->begin, b->end); });
        std::uint64_t reached = 0;
        for (const safetensors_entry* e : order) {
            if (e->begin != reached)
                throw format_error("byte " + std::to_string(data_ + std::min(reached, available)) + ": the data of \"" + e->name + "\" begins at " + std::to_string(e->begin) + ", not at " +
                                   std::to_string(reached) + " where what stands before it ends");
            reached = e->end;
        }
        if (reached != available)
            throw format_error("byte " + std::to_string(data_ + std::min(reached, available)) + ": the tensors take " + std::to_string(reached) + " bytes, the file has " + std::to_string(available));
    }
};

/// One tensor to write.
struct safetensors_tensor {
    std::string name, type;
    std::vector<std::uint64_t> extents;
    const char* data = nullptr;
    std::uint64_t bytes = 0;
};

/// Writes tensors in the order given. What is written goes to a file beside it first, which then takes its name: a file that was
/// there stays whole if writing fails.
///
/// Errors  file_error
inline void write_safetensors(const std::filesystem::path& path, const std::vector<safetensors_tensor>& tensors) {
    std::string header = "{";
    std::uint64_t offset = 0;
    for (const safetensors_tensor& t : tensors) {
        if (header.size() > 1) header += ',';
        header += json_text(t.name) + ":{\"dtype\":\"" + t.type + "\",\"shape\":[";
        for (std::size_t i = 0; i < t.extents.size(); ++i) header += (i ? "," : "") + std::to_string(t.extents[i]);
        header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(offset + t.bytes) + "]}";
        offset += t.bytes;
    }
    header += '}';
    header.resize((header.size() + 7) / 8 * 8, ' ');  // the numbers begin at a multiple of 8
    const std::filesystem::path part = path.string() + ".part";
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        for (std::size_t i = 0; i < 8; ++i) out.put(static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * i)));
        out.write(header.data(), static_cast<std::streamsize>(header.size()));
        for (const safetensors_tensor& t : tensors) out.write(t.data, static_cast<std::streamsize>(t.bytes));
        out.flush();
        if (!out) {
            std::remove(part.string().c_str());
            throw file_error("xgrad::io: " + path.string() + " cannot be written. Fix: check the folder and the space left.");
        }
    }
    std::error_code failed;
    std::filesystem::rename(part, path, failed);
    if (failed) throw file_error("xgrad::io: " + path.string() + " cannot be written: " + failed.message() + ".");
}

}  // namespace xgrad::io
