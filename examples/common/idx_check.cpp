// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The IDX reader against files that lie: each must be refused by name and with the two numbers that disagree.
#include "idx.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace {

using bytes = std::vector<std::uint8_t>;
const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("idx_check_" + std::to_string(::getpid()));
int failures = 0;

std::string write(const char* name, const bytes& content, const char* mode = "wb") {
    const std::string path = (folder / name).string();
    gzFile out = gzopen(path.c_str(), mode);
    gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
    gzclose(out);
    return path;
}
/// The file's own bytes changed, its compression included.
std::string spoil(const char* name, const bytes& content, const std::function<void(const std::string&)>& change) {
    const std::string path = write(name, content);
    change(path);
    return path;
}
void expect(const std::string& path, std::initializer_list<std::string_view> parts, std::array<std::size_t, 2> wanted = {}) {
    std::string text = "read without complaint";
    try {
        idx::read<2>(path, wanted, "apt-get install something");
    } catch (const xgrad::binding_error& error) {
        text = error.what();
    }
    bool right = text.find(path) != std::string::npos;
    for (std::string_view part : parts) right = right && text.find(part) != std::string::npos;
    failures += !right;
    std::printf("%s: %s\n", right ? "refused" : "WRONG", text.c_str());
}

}  // namespace

int main() {
    std::filesystem::create_directory(folder);
    const bytes good = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255};
    const auto with = [&](std::size_t place, std::uint8_t value) {
        bytes made = good;
        made[place] = value;
        return made;
    };
    const auto first = [&](std::size_t count) { return bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(count)); };

    for (const char* mode : {"wb", "wbT"}) {  // compressed, and plain
        const auto data = idx::read<2>(write("good", good, mode), {0, 3});
        failures += !(data.shape(0) == 2 && data.shape(1) == 3 && data(0, 0) == 1 && data(1, 2) == 255);
    }
    expect((folder / "missing").string(), {"cannot be opened", "Fix: apt-get install something"});
    expect(write("empty", {}), {"magic number has 0 of 4"});
    expect(write("magic", with(3, 1)), {"2049", "wanted 2050"});
    expect(write("floats", with(2, 13)), {"3330", "wanted 2050"});
    expect(write("header", first(10)), {"axis 1 has 2 of 4"});
    expect(write("no_rows", with(7, 0)), {"0 elements on axis 0"});
    expect(write("width", good), {"3 elements on axis 1", "wanted 28"}, {0, 28});
    expect(write("huge", with(4, 255)), {"4278190082", "the limit is 268435456"});
    expect(write("short", first(15)), {"3 bytes of data", "says 6"});
    bytes longer = good;
    longer.push_back(0);
    expect(write("long", longer), {"more than the 6 bytes"});
    expect(spoil("cut", good, [](const std::string& path) { std::filesystem::resize_file(path, std::filesystem::file_size(path) - 12); }), {"6"});
    expect(spoil("checksum", good,
                 [](const std::string& path) {
                     std::FILE* file = std::fopen(path.c_str(), "r+b");
                     std::fseek(file, -8, SEEK_END);
                     std::fputc('x', file);
                     std::fclose(file);
                 }),
           {"damaged", "incorrect data check"});
    std::filesystem::remove_all(folder);
    return failures == 0 ? 0 : 1;
}
