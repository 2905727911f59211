// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

/// How good a model is, computed on arrays after the fact: nothing here is differentiated.
#include <xgrad/train/metrics/calibration.hpp>
#include <xgrad/train/metrics/classes.hpp>
#include <xgrad/train/metrics/ranking.hpp>
