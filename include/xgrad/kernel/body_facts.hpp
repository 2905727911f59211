// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/body_key.hpp>

#include <algorithm>
#include <utility>

namespace xgrad::kernel {

/// The numbers below Count for which `Holds{}(k)` is true, in order.
template <std::size_t Count, class Holds>
class chosen_places {
    struct list {
        std::size_t at[Count + 1], count;
    };
    static constexpr list chosen = [] {
        list made{};
        for (std::size_t k = 0; k < Count; ++k)
            if (Holds{}(k)) made.at[made.count++] = k;
        return made;
    }();
    template <std::size_t... K>
    static std::index_sequence<chosen.at[K]...> sequence(std::index_sequence<K...>);

public:
    using type = decltype(sequence(std::make_index_sequence<chosen.count>{}));
};
/// The same as a sequence, so that code is made for these places only: an instance that does nothing costs as much to compile as
/// a short one that does something, and most places have nothing to do in most walks.
template <std::size_t Count, class Holds>
constexpr typename chosen_places<Count, Holds>::type places(Holds) {
    return {};
}
/// f.operator()<K>() for every K of a sequence.
template <std::size_t... K, class F>
XGRAD_INLINE void each_place(std::index_sequence<K...>, [[maybe_unused]] F f) {
    (f.template operator()<K>(), ...);
}

/// What a body says of its registers, worked out by the compiler: which are the same all through a call, which a pass over the
/// columns needs, where kept values lie. No data and no arithmetic here: columns.hpp, rows.hpp and short_rows.hpp do the work.
template <std::uint64_t Digest>
struct body_facts {
    static constexpr const auto& body = body_of(body_key<Digest>{});
    static constexpr std::size_t count = body.code.size();
    static constexpr std::size_t store_count = body.stores.size();

    template <std::size_t I>
    using op_at = typename decltype(type_of(op_key<body.code[I].op>{}))::type;

    static constexpr std::size_t access_count = [] {
        std::size_t n = 0;
        for (const instruction& i : body.code)
            if (i.reads_memory()) n = std::max<std::size_t>(n, i.access + 1u);
        for (const store& stored : body.stores) n = std::max<std::size_t>(n, stored.access + 1u);
        return n;
    }();

    /// Which operands have an address in each row. (Numbers without axes have not.)
    static constexpr auto has_rows = [] {
        std::array<bool, access_count + 1> has{};
        for (const instruction& i : body.code)
            if (i.what == opcode::load || i.what == opcode::gather) has[i.access] = true;
        for (const store& stored : body.stores)
            if (stored.how != storing::total && stored.how != storing::scalar) has[stored.access] = true;
        return has;
    }();

    static constexpr auto row_accesses = places<access_count>([](std::size_t a) { return has_rows[a]; });

    /// Which operands are read, and written.
    static constexpr auto is_loaded = [] {
        std::array<bool, access_count + 1> is{};
        for (const instruction& i : body.code)
            if (i.what == opcode::load) is[i.access] = true;
        return is;
    }();
    static constexpr auto is_stored = [] {
        std::array<bool, access_count + 1> is{};
        for (const store& stored : body.stores) is[stored.access] = true;
        return is;
    }();
    /// Which registers of a body without axes are elements of arrays too.
    static constexpr auto is_of_array = [] {
        std::array<bool, count + 1> is{};
        for (const store& s : body.stores) is[s.from] = is[s.from] || (body.scalar && s.how == storing::row);
        return is;
    }();
    static constexpr auto contiguous_loads = places<count>([](std::size_t k) { return body.code[k].what == opcode::load && body.code[k].step == stepping::contiguous; });

    /// The same in the whole call: numbers, operands without axes, and what is made of them.
    static constexpr auto fixed_registers = [] {
        std::array<bool, count + 1> fixed{};
        for (std::size_t k = 0; k < count; ++k) {
            const instruction& i = body.code[k];
            fixed[k] = i.what == opcode::constant || i.what == opcode::scalar ||
                       (i.what == opcode::apply && fixed[i.a] && fixed[i.b] && fixed[i.c]);
        }
        return fixed;
    }();
    static constexpr auto fixed_code = places<count>([](std::size_t k) { return fixed_registers[k]; });
    /// Computed once a row, before a pass over the columns: the work of one step.
    static constexpr bool is_of_step(std::size_t k, int phase) {
        const instruction& i = body.code[k];
        const bool computed = i.what == opcode::load || i.what == opcode::gather || i.what == opcode::apply || i.what == opcode::tile;
        return computed && i.per_row && i.phase == phase && !fixed_registers[k];
    }
    template <int Phase>
    static constexpr auto step_code = places<count>([](std::size_t k) { return is_of_step(k, Phase); });
    /// What a step reads that others have computed.
    template <int Phase>
    static constexpr auto read_by_step = places<count>([](std::size_t k) {
        if (!body.code[k].per_row || is_of_step(k, Phase)) return false;
        for (std::size_t reader = 0; reader < count; ++reader) {
            const instruction& i = body.code[reader];
            const bool reads = (i.what == opcode::apply && (i.a == k || i.b == k || i.c == k)) || (i.what == opcode::gather && i.a == k);
            if (reads && is_of_step(reader, Phase)) return true;
        }
        return false;
    });
    /// Which registers of the row are read outside the step that computes them.
    static constexpr auto outlives_step = [] {
        std::array<bool, count + 1> outlives{};
        for (const instruction& i : body.code) {
            const bool in_columns = !i.per_row || i.what == opcode::reduce;
            auto read = [&](std::size_t k) { outlives[k] = outlives[k] || in_columns || i.phase > body.code[k].phase; };
            if (i.what == opcode::apply || i.looks_along_row()) read(i.a);
            if (i.what == opcode::apply) {
                read(i.b);
                read(i.c);
            }
        }
        for (const store& s : body.stores) outlives[s.from] = true;
        return outlives;
    }();
    template <int Phase>
    static constexpr auto left_by_step = places<count>([](std::size_t k) { return is_of_step(k, Phase) && outlives_step[k]; });
    template <int Phase>
    static constexpr auto reductions = places<count>([](std::size_t k) { return body.code[k].what == opcode::reduce && body.code[k].phase == Phase; });
    static constexpr bool is_in_columns(const store& s, int phase) { return s.is_in_columns() && body.code[s.from].ready() == phase; }
    /// A value for the label's column and another for the rest: long rows store the other everywhere and then that one.
    static constexpr bool puts_at_label(const store& s) { return xgrad::puts_at_label(body.code, s, body.across); }
    static constexpr std::size_t stored_in_columns(const store& s) { return puts_at_label(s) ? body.code[s.from].c : s.from; }

    static constexpr auto total_stores = places<store_count>([](std::size_t k) { return body.stores[k].how == storing::total; });
    static constexpr auto combined_stores = places<store_count>([](std::size_t k) { return body.stores[k].combines(); });
    static constexpr auto scalar_sums = places<store_count>([](std::size_t k) { return body.stores[k].how == storing::scalar && body.code[body.stores[k].from].what == opcode::reduce; });
    /// Done with a row when all its passes are.
    static constexpr auto row_stores = places<store_count>([](std::size_t k) { return !body.stores[k].is_in_columns(); });
    template <int Phase>
    static constexpr auto column_stores = places<store_count>([](std::size_t k) { return is_in_columns(body.stores[k], Phase); });
    template <int Phase>
    static constexpr auto label_stores = places<store_count>([](std::size_t k) { return is_in_columns(body.stores[k], Phase) && puts_at_label(body.stores[k]); });

    /// Computed in the columns of a pass.
    template <int Phase>
    static constexpr auto needed = [] {
        std::array<bool, count + 1> need{};
        mark_needed(need, body.code, body.stores, Phase, body.across, [](const instruction& i) { return i.saved && i.phase < Phase; });
        for (std::size_t k = 0; k < count; ++k) need[k] = need[k] && !body.code[k].per_row;
        return need;
    }();
    /// The work of a pass in each of its columns.
    template <int Phase>
    static constexpr auto column_code = places<count>([](std::size_t k) { return needed<Phase>[k] || (body.code[k].what == opcode::reduce && body.code[k].phase == Phase); });
    /// What that work and the stores in the columns read of the row.
    template <int Phase>
    static constexpr auto is_read_by_columns = [] {
        std::array<bool, count + 1> is{};
        for (std::size_t reader = 0; reader < count; ++reader) {
            const instruction& i = body.code[reader];
            if (i.what == opcode::reduce) {
                if (i.phase == Phase) is[i.a] = true;
                continue;
            }
            if (!needed<Phase>[reader]) continue;
            if (i.what == opcode::index) is[i.a] = true;
            if (i.what == opcode::apply) is[i.a] = is[i.b] = is[i.c] = true;
        }
        for (const store& s : body.stores)
            if (is_in_columns(s, Phase)) is[s.from] = is[stored_in_columns(s)] = true;
        return is;
    }();
    template <int Phase>
    static constexpr auto read_by_columns = places<count>([](std::size_t k) { return body.code[k].per_row && is_read_by_columns<Phase>[k]; });
    template <int Phase>
    static constexpr bool has_columns = column_code<Phase>.size() + column_stores<Phase>.size() > 0;
    template <std::size_t I>
    static constexpr bool heavy_at = [] {
        if constexpr (body.code[I].what == opcode::apply) {
            return op_at<I>::heavy;
        } else {
            return false;
        }
    }();
    template <int Phase>
    static constexpr bool is_heavy = []<std::size_t... I>(std::index_sequence<I...>) {
        return ((needed<Phase>[I] && body.code[I].phase == Phase && heavy_at<I>) || ...);
    }(column_code<Phase>);
    /// The last pass only stores elements in order: then it may write past the caches. (Not what follows a product: its tiles are small.)
    static constexpr bool may_stream = [] {
        bool any = false;
        for (const instruction& i : body.code)
            if (i.what == opcode::tile) return false;
        for (const store& s : body.stores) {
            if (!is_in_columns(s, body.phases - 1)) continue;
            if (s.how != storing::element || s.step != stepping::contiguous) return false;
            any = true;
        }
        return any && !body.scalar;
    }();
    /// A pass with time to fetch the next row: it is heavy, and another follows.
    template <int Phase>
    static constexpr bool fetches_ahead = is_heavy<Phase> && Phase + 1 < body.phases;

    template <std::size_t I>
    static constexpr bool is_mask = body.code[I].what == opcode::index || body.code[I].mask;
    /// Where in the row buffer a value is kept.
    template <std::size_t I>
    static constexpr std::ptrdiff_t save_place = body.code[I].access;

    /// The store whose row is the first of those places; `store_count` where there is none.
    static constexpr std::size_t lender = [] {
        std::size_t k = 0;
        while (k < store_count && !body.stores[k].lends) ++k;
        return k;
    }();
    /// Rows of memory that a row of the kernel has in its hands: elements that are read or written, and what is kept.
    static constexpr std::ptrdiff_t rows_in_hand = [] {
        std::array<bool, access_count + 1> counted{};
        for (const instruction& i : body.code)
            if (i.what == opcode::load && i.step != stepping::fixed) counted[i.access] = true;
        for (const store& s : body.stores)
            if (s.is_in_columns()) counted[s.access] = true;
        return std::max<std::ptrdiff_t>(1, std::count(counted.begin(), counted.end(), true) + body.saves - (lender < store_count));
    }();

    static constexpr std::size_t reduction_count = [] {
        std::size_t n = 0;
        for (const instruction& i : body.code) n += i.what == opcode::reduce;
        return n;
    }();
    template <std::size_t I>
    static constexpr std::size_t reduction_place = [] {
        std::size_t n = 0;
        for (std::size_t k = 0; k < I; ++k) n += body.code[k].what == opcode::reduce;
        return n;
    }();
};

}  // namespace xgrad::kernel
