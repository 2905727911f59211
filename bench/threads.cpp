// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "cross_entropy_xgrad.hpp"
#include "mlp_step_xgrad.hpp"

#include <omp.h>

/// The same work by one thread and by two: case/one_thread/arguments, case/two_threads/arguments. Only wall time counts here.
namespace bench {
namespace {

template <int Threads, class Trainer>
struct with_threads : Trainer {
    using Trainer::Trainer;
    double step() {
        omp_set_num_threads(Threads);
        return Trainer::step();
    }
};
template <mlp_step::job J, int Threads>
added step_by(const std::string& name) {
    return mlp_step::variant<with_threads<Threads, mlp_step::by_trainer<J.model.inputs, J.model.hidden, J.model.outputs>>>(name, J);
}
template <std::size_t Size, int Threads>
added loss_by(const std::string& name) {
    return {"cross_entropy/" + name + "/" + cross_entropy::sizes[Size].text(), [](benchmark::State& s) {
                omp_set_num_threads(Threads);
                cross_entropy::by_program<Size>(s);
            }};
}

const added all[]{step_by<mlp_step::jobs[3], 1>("one_thread"), step_by<mlp_step::jobs[3], 2>("two_threads"), step_by<mlp_step::jobs[4], 1>("one_thread"),
                  step_by<mlp_step::jobs[4], 2>("two_threads"), step_by<mlp_step::jobs[5], 1>("one_thread"), step_by<mlp_step::jobs[5], 2>("two_threads"),
                  loss_by<2, 1>("one_thread"),           loss_by<2, 2>("two_threads"),           loss_by<3, 1>("one_thread"),
                  loss_by<3, 2>("two_threads")};

}  // namespace
}  // namespace bench
