// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/// The tensors that ONNX's backend tests keep beside a model: protocol-buffer messages of the type TensorProto.
namespace onnx {

struct stored_tensor {
    std::vector<std::size_t> extents;
    std::vector<double> numbers;
};

class message {
public:
    explicit message(std::string bytes) : bytes_(std::move(bytes)) {}
    bool more() const { return at_ < bytes_.size(); }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_.at(at_++));
            value |= static_cast<std::uint64_t>(byte & 127u) << shift;
            if (byte < 128) return value;
        }
        throw std::runtime_error("a number of more than 64 bits");
    }
    std::string take(std::size_t count) {
        if (count > bytes_.size() - at_) throw std::runtime_error("the message ends inside a field");
        at_ += count;
        return bytes_.substr(at_ - count, count);
    }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

template <class T>
void append(const std::string& raw, std::vector<double>& to) {
    for (std::size_t i = 0; i + sizeof(T) <= raw.size(); i += sizeof(T)) {
        T x;
        std::memcpy(&x, raw.data() + i, sizeof(T));
        to.push_back(static_cast<double>(x));
    }
}

inline stored_tensor read_tensor(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be read");
    message m(std::string(std::istreambuf_iterator<char>(file), {}));
    stored_tensor made;
    int type = 0;
    std::string raw;
    const auto each_number = [](const std::string& packed, auto&& f) {
        for (message inner(packed); inner.more();) f(inner.number());
    };
    while (m.more()) {
        const std::uint64_t key = m.number(), field = key >> 3;
        const std::uint64_t value = (key & 7) == 0 ? m.number() : 0;
        const std::string bytes = (key & 7) == 2 ? m.take(m.number()) : (key & 7) == 5 ? m.take(4) : (key & 7) == 1 ? m.take(8) : "";
        const bool packed = (key & 7) == 2;
        const auto keep_integer = [&](std::uint64_t x) { made.numbers.push_back(static_cast<double>(static_cast<std::int64_t>(x))); };
        if (field == 1 && packed) each_number(bytes, [&](std::uint64_t n) { made.extents.push_back(n); });
        if (field == 1 && !packed) made.extents.push_back(value);
        if (field == 2) type = static_cast<int>(value);
        if (field == 4) append<float>(bytes, made.numbers);
        if (field == 10) append<double>(bytes, made.numbers);
        if ((field == 5 || field == 7) && packed) each_number(bytes, keep_integer);
        if ((field == 5 || field == 7) && !packed) keep_integer(value);
        if (field == 9) raw = bytes;
    }
    switch (type) {
        case 1: append<float>(raw, made.numbers); break;
        case 6: append<std::int32_t>(raw, made.numbers); break;
        case 7: append<std::int64_t>(raw, made.numbers); break;
        case 9: append<std::uint8_t>(raw, made.numbers); break;
        case 11: append<double>(raw, made.numbers); break;
        default: throw std::runtime_error(path + ": numbers of type " + std::to_string(type) + " are not read here");
    }
    return made;
}

}  // namespace onnx
