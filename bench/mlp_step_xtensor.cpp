// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "mlp_step.hpp"
#include "xtensor.hpp"

namespace bench::mlp_step {
namespace {

using matrix = xt::xtensor<float, 2>;
using row = xt::xtensor<float, 1>;

/// Adam for one parameter: the formula of Kingma and Ba as xtensor expressions.
template <class P>
struct adam_state {
    P m, v;
    explicit adam_state(const P& p) : m(xt::zeros_like(p)), v(xt::zeros_like(p)) {}
    void update(P& p, const P& g, float rate, int step) {
        const float scale = 1.0f / (1.0f - std::pow(0.999f, static_cast<float>(step)));
        const float r = rate / (1.0f - std::pow(0.9f, static_cast<float>(step)));
        xt::noalias(m) = 0.9f * m + 0.1f * g;
        xt::noalias(v) = 0.999f * v + 0.001f * g * g;
        xt::noalias(p) = p - r * m / (xt::sqrt(scale * v) + 1e-8f);
    }
};

class by_xtensor {
    job job_;
    float rate_;
    int steps_ = 0;
    matrix x_, y_;
    std::vector<std::int64_t> labels_;
    matrix w1_, w2_, dw1_, dw2_, w2_transposed_, h_, z_, dz_, dh_;
    row b1_, b2_, db1_, db2_;
    softmax_memory memory_;
    adam_state<matrix> adam_w1_, adam_w2_;
    adam_state<row> adam_b1_, adam_b2_;

    float logistic_loss() {
        constexpr auto now = xt::evaluation_strategy::immediate;
        const float scale = 1.0f / static_cast<float>(job_.batch);
        xt::noalias(dz_) = xt::maximum(z_, 0.0f) - z_ * y_ + xt::log1p(xt::exp(-xt::abs(z_)));
        const float loss = xt::sum(dz_, now)() * scale;
        xt::noalias(dz_) = (1.0f / (1.0f + xt::exp(-z_)) - y_) * scale;
        return loss;
    }

public:
    by_xtensor(job j, const start& given, double rate)
        : job_(j), rate_(static_cast<float>(rate)), x_(xt::adapt(given.x, std::array{j.batch, j.model.inputs})), y_(xt::adapt(given.y, std::array{j.batch, std::size_t{1}})),
          labels_(given.labels), w1_(xt::adapt(given.hidden_weight, std::array{j.model.inputs, j.model.hidden})),
          w2_(xt::adapt(given.score_weight, std::array{j.model.hidden, j.model.outputs})), dw1_(w1_), dw2_(w2_),
          w2_transposed_(xt::empty<float>({j.model.outputs, j.model.hidden})), h_(xt::empty<float>({j.batch, j.model.hidden})),
          z_(xt::empty<float>({j.batch, j.model.outputs})), dz_(z_), dh_(h_), b1_(xt::zeros<float>({j.model.hidden})), b2_(xt::zeros<float>({j.model.outputs})), db1_(b1_),
          db2_(b2_), memory_(j.batch), adam_w1_(w1_), adam_w2_(w2_), adam_b1_(b1_), adam_b2_(b2_) {}

    double step() {
        const auto [inputs, hidden, outputs] = job_.model;
        const std::size_t batch = job_.batch;
        multiply(x_.data(), inputs, 1, w1_.data(), h_.data(), batch, inputs, hidden);
        xt::noalias(h_) = xt::maximum(h_ + b1_, 0.0f);
        multiply(h_.data(), hidden, 1, w2_.data(), z_.data(), batch, hidden, outputs);
        z_ += b2_;
        const float loss = job_.model.logistic() ? logistic_loss() : softmax_cross_entropy(z_, labels_, memory_, dz_);
        multiply(h_.data(), 1, hidden, dz_.data(), dw2_.data(), hidden, batch, outputs);
        xt::noalias(db2_) = xt::sum(dz_, {0});
        xt::noalias(w2_transposed_) = xt::transpose(w2_);
        multiply(dz_.data(), outputs, 1, w2_transposed_.data(), dh_.data(), batch, outputs, hidden);
        xt::noalias(dh_) = xt::where(h_ > 0.0f, dh_, 0.0f);
        multiply(x_.data(), 1, inputs, dh_.data(), dw1_.data(), inputs, batch, hidden);
        xt::noalias(db1_) = xt::sum(dh_, {0});
        ++steps_;
        adam_w1_.update(w1_, dw1_, rate_, steps_);
        adam_b1_.update(b1_, db1_, rate_, steps_);
        adam_w2_.update(w2_, dw2_, rate_, steps_);
        adam_b2_.update(b2_, db2_, rate_, steps_);
        return static_cast<double>(loss);
    }
};

const std::vector<added> all = [] {
    std::vector<added> made;
    for (job j : jobs) made.push_back(variant<by_xtensor>("xtensor", j));
    return made;
}();

}  // namespace
}  // namespace bench::mlp_step
