// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include <xgrad/io/parameters.hpp>

#include "support/catch.hpp"
#include "support/models.hpp"

#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

#include <fstream>

using namespace models;
namespace io = xgrad::io;
using Catch::Matchers::Contains;

namespace {
/// A file in the folder of temporary files that goes with the test.
struct file {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "xgrad-test.safetensors";
    explicit file(const std::string& bytes = "") { write(bytes); }
    ~file() { std::filesystem::remove(path); }
    void write(const std::string& bytes) const { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }
    std::string read() const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};
/// The format by hand: the header's length, the header, the data.
std::string made(const std::string& header, const std::string& data) {
    std::string bytes;
    for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * i));
    return bytes + header + data;
}
std::string why(const std::string& bytes) {
    const file f(bytes);
    try {
        io::safetensors_file reader(f.path);
    } catch (const io::format_error& e) {
        return e.what();
    }
    return "";
}
const std::string two = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3,1],"data_offsets":[8,11]}})";
const std::string one_and_two("\0\0\x80\x3f\0\0\0\x40", 8);  // 1 and 2 as IEEE 754 binary32
}  // namespace

TEST_CASE("a file written by hand is read: names, extents, numbers", "[io]") {
    const file f(made(R"({"__metadata__":{"format":"pt","\u00e9":"\n"},"b":{"shape":[3,1],"dtype":"U8","data_offsets":[8,11]}, "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   )", one_and_two + "xyz"));
    io::safetensors_file reader(f.path);
    REQUIRE(reader.entries().size() == 2);
    CHECK(reader.metadata().at("format") == "pt");
    CHECK(reader.metadata().at("\xc3\xa9") == "\n");
    CHECK(reader.find("c") == nullptr);
    REQUIRE(reader.find("a"));
    CHECK(reader.find("b")->extents == std::vector<std::uint64_t>{3, 1});
    const auto bytes = reader.bytes(*reader.find("a"));
    CHECK(std::string(bytes.begin(), bytes.end()) == one_and_two);
}

TEST_CASE("what is wrong is named with its byte", "[io]") {
    const std::string data = one_and_two + "xyz";
    for (const std::string& other : {std::string(), std::string("epoch,loss\n0,0.5\n1,0.25\n"), made(two, data).substr(0, 60), made(two, data.substr(1))})
        CHECK_THAT(why(other), Contains("is no safetensors file, or not a whole one: byte ") && Contains("Fix: check the path"));
    CHECK_THAT(why("short"), Contains("byte 0") && Contains("shorter than"));
    CHECK_THAT(why(std::string(7, '\xff') + "\x7f" + "{}"), Contains("byte 0") && Contains("in a file of 10"));
    CHECK_THAT(why(made("[]", "")), Contains("byte 8") && Contains("'{' expected"));
    CHECK_THAT(why(made(two + "x", data)), Contains("after the end of the header"));
    CHECK_THAT(why(made(two, data + "!")), Contains("the file has 12"));
    CHECK_THAT(why(made(two, data.substr(1))), Contains("the file has 10"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", data + data)), Contains("byte 62") && Contains("stands twice"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}})", data + "0")), Contains("needs 8 bytes") && Contains("0 to 12"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "")), Contains("needs 8 bytes"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", data)), Contains("F99"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", data)), Contains("byte 37") && Contains("whole number"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "")), Contains("more than 2^64"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}})", "")), Contains("above 2^64"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[2]}})", data)), Contains("lacks"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":[1]}})", data)), Contains("extra"));
    // a hole, an overlap: what stands between tensors could carry anything
    CHECK_THAT(why(made(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})", "12345")), Contains("begins at 3, not at 2"));
    CHECK_THAT(why(made(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", "123")), Contains("begins at 1, not at 2"));
    // extents of which one is 0 hold nothing, however large the others
    CHECK(why(made(R"({"a":{"dtype":"F32","shape":[0,18446744073709551615],"data_offsets":[0,0]}})", "")).empty());
    CHECK_THROWS_AS(io::safetensors_file("/nowhere/at/all"), io::file_error);
    CHECK_THROWS_AS(io::safetensors_file(std::filesystem::temp_directory_path()), io::file_error);
}

TEST_CASE("no damaged file does worse than a clear error", "[io]") {
    const std::string whole = made(two, one_and_two + "xyz");
    REQUIRE(why(whole).empty());
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK_FALSE(why(whole.substr(0, n)).empty());
    for (std::size_t n = 0; n + 11 < whole.size(); ++n)
        for (const char c : {'\0', '9', '"', '{', '\\', '\xff'}) {
            std::string damaged = whole;
            damaged[n] = c;
            const std::string error = why(damaged);  // a letter of a name may change unseen; nothing may be read out of bounds
            if (!error.empty()) CHECK_THAT(error, Contains("byte "));
        }
}

TEMPLATE_TEST_CASE("a trained model comes back bit for bit", "[io]", float, double) {
    const file f;
    xg::trainer first{article::loss, xg::sgd{}, xg::seed{1}, xg::precision<TestType>}, second{article::loss, xg::sgd{}, xg::seed{2}, xg::precision<TestType>};
    xg::save(f.path, first.parameters());
    xg::load(f.path, second.parameters());
    const auto same = [&](auto name) {
        const auto a = first.parameters()[name], b = second.parameters()[name];
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    CHECK(same("hidden.weight"_p));
    CHECK(same("score.weight"_p));
    CHECK(same("hidden.bias"_p));
    CHECK_FALSE(std::filesystem::exists(f.path.string() + ".part"));
    CHECK((8 + static_cast<unsigned char>(f.read()[0])) % 8 == 0);  // the numbers are aligned
}

TEST_CASE("a file of another model is refused, and nothing changes", "[io]") {
    namespace hana = boost::hana;
    const auto entry = [](auto name, auto& array) { return hana::make_pair(name, xt::adapt(array.data(), array.size(), xt::no_ownership(), array.shape())); };
    xg::tensor<float, 1> a{1, 2}, three{1, 2, 3};
    xg::tensor<float, 2> matrix{{1, 2}};
    const file f;
    xg::save(f.path, hana::make_map(entry("a"_p, a)));
    xg::tensor<float, 1> kept{7, 8};
    CHECK_THROWS_WITH(xg::load(f.path, hana::make_map(entry("a"_p, kept), entry("b"_p, kept))), Contains("\"b\"") && Contains("does not have it"));
    CHECK_THROWS_WITH(xg::load(f.path, hana::make_map(entry("a"_p, three))), Contains("extents [2] in the file, [3] in the model"));
    CHECK_THROWS_WITH(xg::load(f.path, hana::make_map(entry("a"_p, matrix))), Contains("[1, 2] in the model"));
    xg::save(f.path, hana::make_map(entry("a"_p, a), entry("b"_p, three)));
    CHECK_THROWS_WITH(xg::load(f.path, hana::make_map(entry("a"_p, kept))), Contains("has \"b\", which the model has not"));
    f.write(made(R"({"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})", one_and_two));
    CHECK_THROWS_WITH(xg::load(f.path, hana::make_map(entry("a"_p, kept))), Contains("as I32"));
    CHECK((kept == xg::tensor<float, 1>{7, 8}));
    // half, bfloat16 and double are converted: 1.5 and -2 in each
    f.write(made(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", std::string("\0\x3e\0\xc0", 4)));
    xg::load(f.path, hana::make_map(entry("a"_p, kept)));
    CHECK((kept == xg::tensor<float, 1>{1.5f, -2}));
    f.write(made(R"({"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})", std::string("\0\xc0\xc0\x3f", 4)));
    xg::load(f.path, hana::make_map(entry("a"_p, kept)));
    CHECK((kept == xg::tensor<float, 1>{-2, 1.5f}));
    f.write(made(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", std::string("\1\0\0\xfc", 4)));
    xg::load(f.path, hana::make_map(entry("a"_p, kept)));
    CHECK(kept(0) == 5.9604644775390625e-8f);  // 2^-24, the smallest half
    CHECK(kept(1) == -std::numeric_limits<float>::infinity());
}

TEST_CASE("a map of arrays of its own is filled itself, of any layout", "[io]") {
    namespace hana = boost::hana;
    const file f;
    const xt::xtensor<float, 2, xt::layout_type::column_major> columns{{1, 2, 3}, {4, 5, 6}};
    xg::tensor<double, 2> framed({4, 5}, 9);
    auto inside = xt::view(framed, xt::range(1, 3), xt::range(1, 4));
    inside = xt::xtensor<double, 2>{{7, 8, 9}, {10, 11, 12}};
    xg::save(f.path, hana::make_map(hana::make_pair("a"_p, columns), hana::make_pair("b"_p, inside)));
    // Row by row: 1 to 12 as binary32 and binary64, read by hand.
    const std::string bytes = f.read();
    float a[6];
    double b[6];
    REQUIRE(bytes.size() >= sizeof a + sizeof b);
    std::memcpy(a, bytes.data() + bytes.size() - sizeof a - sizeof b, sizeof a);
    std::memcpy(b, bytes.data() + bytes.size() - sizeof b, sizeof b);
    for (int i = 0; i < 6; ++i) {
        CHECK(a[i] == static_cast<float>(1 + i));
        CHECK(b[i] == 7 + i);
    }

    using column_major = xt::xtensor<float, 2, xt::layout_type::column_major>;
    auto own = hana::make_map(hana::make_pair("a"_p, column_major::from_shape({2, 3})), hana::make_pair("b"_p, xg::tensor<float, 2>::from_shape({2, 3})));
    xg::load(f.path, own);
    CHECK((own["a"_p] == columns));
    CHECK((own["b"_p] == xg::tensor<float, 2>{{7, 8, 9}, {10, 11, 12}}));
    // A view is a window, and so may be part of a temporary map: what lies around it stays.
    xg::tensor<float, 2> other({4, 5}, 9), whole({2, 3}, 0);
    xg::load(f.path, hana::make_map(hana::make_pair("a"_p, xt::view(other, xt::range(1, 3), xt::range(1, 4))),
                                    hana::make_pair("b"_p, xt::adapt(whole.data(), whole.size(), xt::no_ownership(), whole.shape()))));
    CHECK((other == xg::tensor<float, 2>{{9, 9, 9, 9, 9}, {9, 1, 2, 3, 9}, {9, 4, 5, 6, 9}, {9, 9, 9, 9, 9}}));
    CHECK((whole == xg::tensor<float, 2>{{7, 8, 9}, {10, 11, 12}}));
}
