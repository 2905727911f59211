// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include <cstddef>

namespace bench {

/// c = a b of square matrices by rows; with a bias, c = gelu(a b + bias) inside the primitive.
class onednn_matmul {
    using dims = dnnl::memory::dims;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    dnnl::memory::desc square_, row_;
    dnnl::memory a_, b_, bias_, c_;
    dnnl::matmul multiply_;

    static void* address(const float* data) { return const_cast<float*>(data); }  // the interface has no const

public:
    explicit onednn_matmul(std::size_t n, bool gelu = false)
        : square_(dims(2, static_cast<dnnl::memory::dim>(n)), dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab),
          row_({1, static_cast<dnnl::memory::dim>(n)}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab), a_(square_, engine_, nullptr), b_(square_, engine_, nullptr),
          bias_(row_, engine_, nullptr), c_(square_, engine_, nullptr) {
        dnnl::primitive_attr after;
        dnnl::post_ops operations;
#if DNNL_VERSION_MAJOR >= 3
        if (gelu) operations.append_eltwise(dnnl::algorithm::eltwise_gelu_erf, 0, 0);
        after.set_post_ops(operations);
        multiply_ = dnnl::matmul(gelu ? dnnl::matmul::primitive_desc(engine_, square_, square_, row_, square_, after) : dnnl::matmul::primitive_desc(engine_, square_, square_, square_));
#else
        if (gelu) operations.append_eltwise(1, dnnl::algorithm::eltwise_gelu_erf, 0, 0);
        after.set_post_ops(operations);
        const dnnl::matmul::desc wanted = gelu ? dnnl::matmul::desc(square_, square_, row_, square_) : dnnl::matmul::desc(square_, square_, square_);
        multiply_ = dnnl::matmul(dnnl::matmul::primitive_desc(wanted, after, engine_));
#endif
    }
    void operator()(const float* a, const float* b, float* c, const float* bias = nullptr) {
        a_.set_data_handle(address(a));
        b_.set_data_handle(address(b));
        c_.set_data_handle(c);
        if (bias) {
            bias_.set_data_handle(address(bias));
            multiply_.execute(stream_, {{DNNL_ARG_SRC, a_}, {DNNL_ARG_WEIGHTS, b_}, {DNNL_ARG_BIAS, bias_}, {DNNL_ARG_DST, c_}});
        } else {
            multiply_.execute(stream_, {{DNNL_ARG_SRC, a_}, {DNNL_ARG_WEIGHTS, b_}, {DNNL_ARG_DST, c_}});
        }
        stream_.wait();
    }
};

}  // namespace bench
