// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "embedding_update.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::embedding_update {
namespace {

template <std::size_t Rows, class... Options>
class by_trainer {
    static constexpr xg::static_extent<width> n{};
    static constexpr auto rows = xg::axis<"batch">;
    static constexpr auto t = xg::labels<"t">(rows, xg::classes(xg::static_extent<Rows>{}));
    static constexpr auto y = xg::input<"y">(rows, n);
    static constexpr auto loss = xg::mean(xg::mean_squared_error(xg::embedding<"word">(n)(t), y));

    xg::trainer<std::remove_const_t<decltype(loss)>, xg::adagrad<>, Options...> trainer_;
    xg::tensor<std::int64_t, 1> t_;
    xg::tensor<float, 2> y_;

public:
    by_trainer(job, const start& given, double rate)
        : trainer_(loss, xg::adagrad{.learning_rate = rate}, Options{}...), t_(xg::adapt(given.t.data(), std::array{batch})), y_(xg::adapt(given.y.data(), std::array{batch, width})) {
        using namespace xg::literals;
        auto table = trainer_.parameter("word.weight"_p);
        std::copy(given.table.begin(), given.table.end(), table.begin());
    }
    double step() { return trainer_.step(t = t_, y = y_); }
};

template <job J, class... Options>
added by(const std::string& name) {
    return variant<by_trainer<J.rows, Options...>>(name, J);
}
using sparse = xg::sparse_updates_t<xg::fixed_string("word")>;
const added all[]{by<large_dense>("fused"), by<large_sparse, sparse>("fused"), by<large_sparse, sparse, xg::unfused_t>("unfused"), by<small_sparse, sparse>("fused")};

}  // namespace
}  // namespace bench::embedding_update
