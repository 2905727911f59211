// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "eigen.hpp"
#include "mlp_step.hpp"

namespace bench::mlp_step {
namespace {

using row = Eigen::Matrix<float, 1, Eigen::Dynamic>;

/// Adam for one parameter: the formula of Kingma and Ba as one Eigen expression an array.
template <class P>
struct adam_state {
    P m, v;
    explicit adam_state(const P& p) : m(P::Zero(p.rows(), p.cols())), v(m) {}
    void update(P& p, const P& g, float rate, int step) {
        const float scale = 1.0f / (1.0f - std::pow(0.999f, static_cast<float>(step)));
        const float r = rate / (1.0f - std::pow(0.9f, static_cast<float>(step)));
        m = 0.9f * m + 0.1f * g;
        v.array() = 0.999f * v.array() + 0.001f * g.array().square();
        p.array() -= r * m.array() / ((scale * v.array()).sqrt() + 1e-8f);
    }
};

/// What a careful user of Eigen writes for the logistic model: forward, backward and update by hand, no allocation in a step.
class by_eigen {
    float rate_;
    int steps_ = 0;
    matrix x_, w1_, h_, dh_, dw1_;
    Eigen::VectorXf y_, w2_, z_, dz_, dw2_, loss_;
    row b1_, db1_, b2_, db2_;
    adam_state<matrix> adam_w1_;
    adam_state<Eigen::VectorXf> adam_w2_;
    adam_state<row> adam_b1_, adam_b2_;

public:
    by_eigen(job j, const start& given, double rate)
        : rate_(static_cast<float>(rate)), x_(copy(given.x, j.batch, j.model.inputs)), w1_(copy(given.hidden_weight, j.model.inputs, j.model.hidden)),
          y_(copy(given.y, j.batch, 1)), w2_(copy(given.score_weight, j.model.hidden, 1)), b1_(row::Zero(w1_.cols())), b2_(row::Zero(1)), db2_(b2_), adam_w1_(w1_), adam_w2_(w2_),
          adam_b1_(b1_), adam_b2_(b2_) {}

    double step() {
        const float scale = 1.0f / static_cast<float>(x_.rows());
        h_.noalias() = x_ * w1_;
        h_ = (h_.rowwise() + b1_).cwiseMax(0.0f);
        z_.noalias() = h_ * w2_;
        z_.array() += b2_(0);
        loss_ = z_.array().max(0.0f) - z_.array() * y_.array() + (-z_.array().abs()).exp().log1p();
        dz_ = (1.0f / (1.0f + (-z_.array()).exp()) - y_.array()) * scale;
        dw2_.noalias() = h_.transpose() * dz_;
        db2_(0) = dz_.sum();
        dh_ = (h_.array() > 0.0f).select(dz_ * w2_.transpose(), 0.0f);
        dw1_.noalias() = x_.transpose() * dh_;
        db1_ = dh_.colwise().sum();
        ++steps_;
        adam_w1_.update(w1_, dw1_, rate_, steps_);
        adam_b1_.update(b1_, db1_, rate_, steps_);
        adam_w2_.update(w2_, dw2_, rate_, steps_);
        adam_b2_.update(b2_, db2_, rate_, steps_);
        return static_cast<double>(loss_.sum() * scale);
    }
};

const std::vector<added> all = [] {
    std::vector<added> made;
    for (job j : jobs)
        if (j.model.logistic()) made.push_back(variant<by_eigen>("eigen", j));
    return made;
}();

}  // namespace
}  // namespace bench::mlp_step
