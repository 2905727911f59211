// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

/// A perceptron with one hidden layer, relu, logistic loss and Adam, in plain loops: what the trainer is compared with. Written
/// from the formulas (Kingma and Ba 2015; the logistic loss as max(z, 0) - z y + log(1 + e^-|z|)), with nothing of the library.
namespace reference {

template <class T>
struct adam_state {
    std::vector<T> m, v;
};

template <class T>
class classifier {
public:
    std::size_t in, hidden;
    std::vector<T> w1, b1, w2;  // [in, hidden], [hidden], [hidden]
    T b2 = 0;

    classifier(std::size_t in_, std::size_t hidden_) : in(in_), hidden(hidden_), w1(in_ * hidden_), b1(hidden_), w2(hidden_) {}

    T logit(const T* x, std::vector<T>& h) const {
        T z = b2;
        for (std::size_t j = 0; j < hidden; ++j) {
            T a = b1[j];
            for (std::size_t i = 0; i < in; ++i) a += x[i] * w1[i * hidden + j];
            h[j] = a > 0 ? a : 0;
            z += h[j] * w2[j];
        }
        return z;
    }

    /// One step of Adam on the mean loss of a batch; the loss before it.
    double step(const T* x, const T* y, std::size_t rows, double rate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) {
        std::vector<T> dw1(w1.size(), 0), db1(hidden, 0), dw2(hidden, 0), h(hidden);
        T db2 = 0;
        double loss = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            const T z = logit(x + r * in, h), t = y[r];
            loss += static_cast<double>((z > 0 ? z : 0) - z * t + std::log1p(std::exp(-std::abs(z))));
            const T p = z < 0 ? std::exp(z) / (1 + std::exp(z)) : 1 / (1 + std::exp(-z));
            const T d = (p - t) / static_cast<T>(rows);
            db2 += d;
            for (std::size_t j = 0; j < hidden; ++j) {
                dw2[j] += d * h[j];
                if (!(h[j] > 0)) continue;
                const T back = d * w2[j];
                db1[j] += back;
                for (std::size_t i = 0; i < in; ++i) dw1[i * hidden + j] += back * x[r * in + i];
            }
        }
        ++steps_;
        const double c1 = 1 - std::pow(beta1, steps_), c2 = 1 - std::pow(beta2, steps_);
        auto update = [&](T* p, const T* g, std::size_t count, adam_state<T>& s) {
            s.m.resize(count, 0);
            s.v.resize(count, 0);
            for (std::size_t i = 0; i < count; ++i) {
                s.m[i] = static_cast<T>(beta1) * s.m[i] + static_cast<T>(1 - beta1) * g[i];
                s.v[i] = static_cast<T>(beta2) * s.v[i] + static_cast<T>(1 - beta2) * g[i] * g[i];
                p[i] -= static_cast<T>(rate) * (s.m[i] / static_cast<T>(c1)) / (std::sqrt(s.v[i] / static_cast<T>(c2)) + static_cast<T>(epsilon));
            }
        };
        update(w1.data(), dw1.data(), w1.size(), s1_);
        update(b1.data(), db1.data(), hidden, s2_);
        update(w2.data(), dw2.data(), hidden, s3_);
        update(&b2, &db2, 1, s4_);
        return loss / static_cast<double>(rows);
    }

private:
    int steps_ = 0;
    adam_state<T> s1_, s2_, s3_, s4_;
};

}  // namespace reference
