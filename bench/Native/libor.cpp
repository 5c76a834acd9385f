// The LIBOR market model book of Giles and Glasserman: 80 forward rates, 40 steps, 15 swaptions; price and 161 sensitivities with an adjoint written
// by hand. A path is a lane: all of a vector's paths go through the same steps.
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

constexpr int kRates = 80, kSteps = 40, kLanes = 8;
constexpr int kMaturities[] = {4, 8, 20, 28, 40};
constexpr double kSwapRates[] = {0.045, 0.05, 0.055};

typedef double Lanes __attribute__((vector_size(8 * kLanes)));

Lanes exponential(Lanes x) {
  Lanes result;
#pragma omp simd
  for (int i = 0; i < kLanes; i++) result[i] = std::exp(x[i]);
  return result;
}

double sum(Lanes x) {
  double result = 0;
  for (int i = 0; i < kLanes; i++) result += x[i];
  return result;
}

Lanes below_zero(Lanes x) {
  Lanes result;
  for (int i = 0; i < kLanes; i++) result[i] = x[i] < 0 ? 1.0 : 0.0;
  return result;
}

struct Saved {
  Lanes rate, growth, drift, inverse;
};

// One vector of paths: adds to the sensitivities and returns the price of each.
Lanes paths(double delta, const double* rates, const double* sigma, const Lanes* z, std::vector<Saved>& saved, Lanes* by_rate, Lanes* by_sigma,
            Lanes& by_delta) {
  Lanes L[kRates], inverse[kRates], bond[kRates], annuity[kRates], bond_bar[kRates] = {}, annuity_bar[kRates] = {}, L_bar[kRates];
  const double root = std::sqrt(delta);
  const Lanes zero = {};
  for (int i = 0; i < kRates; i++) L[i] = zero + rates[i];
  size_t at = 0;
  for (int n = 0; n < kSteps; n++) {
    const Lanes shock = root * z[n];
    Lanes drift = zero;
    for (int i = n + 1; i < kRates; i++) {
      const double vol = sigma[i - n - 1], c = delta * vol;
      const Lanes r = 1.0 / (1.0 + delta * L[i]);
      drift += c * L[i] * r;
      const Lanes growth = exponential(c * drift + vol * (shock - 0.5 * c));
      saved[at++] = {L[i], growth, drift, r};
      L[i] *= growth;
    }
  }

  for (int i = 0; i < kRates; i++) inverse[i] = 1.0 / (1.0 + delta * L[i]);
  Lanes b = zero + 1.0, s = zero, discount = zero + 1.0;
  for (int i = kSteps; i < kRates; i++) {
    b *= inverse[i];
    s += delta * b;
    bond[i] = b;
    annuity[i] = s;
  }
  for (int i = 0; i < kSteps; i++) discount *= inverse[i];

  Lanes payoff = zero;
  for (int maturity : kMaturities) {
    const int m = kSteps + maturity - 1;
    for (double rate : kSwapRates) {
      const Lanes value = bond[m] + rate * annuity[m] - 1.0, loses = below_zero(value), g = -100.0 * loses * discount;
      payoff -= 100.0 * value * loses;
      bond_bar[m] += g;
      annuity_bar[m] += rate * g;
    }
  }

  const Lanes price = payoff * discount;
  Lanes delta_bar = zero;
  for (int i = 0; i < kSteps; i++) {
    const Lanes t = -price * inverse[i];
    L_bar[i] = t * delta;
    delta_bar += t * L[i];
  }
  Lanes b_bar = zero, s_bar = zero;
  for (int i = kRates - 1; i >= kSteps; i--) {
    s_bar += annuity_bar[i];
    b_bar += bond_bar[i] + s_bar * delta;
    delta_bar += s_bar * bond[i];
    const Lanes before = i > kSteps ? bond[i - 1] : zero + 1.0, t = -b_bar * before * inverse[i] * inverse[i];
    L_bar[i] = t * delta;
    delta_bar += t * L[i];
    b_bar *= inverse[i];
  }

  for (int n = kSteps - 1; n >= 0; n--) {
    const Lanes shock = root * z[n];
    Lanes drift_bar = zero, shock_bar = zero;
    for (int i = kRates - 1; i > n; i--) {
      const Saved& p = saved[--at];
      const double vol = sigma[i - n - 1], c = delta * vol;
      const Lanes exponent_bar = L_bar[i] * p.rate * p.growth, share = p.rate * p.inverse;
      drift_bar += exponent_bar * c;
      const Lanes c_bar = exponent_bar * (p.drift - 0.5 * vol) + drift_bar * share;
      shock_bar += exponent_bar * vol;
      L_bar[i] = L_bar[i] * p.growth + drift_bar * c * p.inverse * p.inverse;
      delta_bar += c_bar * vol - drift_bar * c * share * share;
      by_sigma[i - n - 1] += exponent_bar * (shock - 0.5 * c) + c_bar * delta;
    }
    delta_bar += shock_bar * z[n] * (0.5 / root);
  }

  for (int i = 0; i < kRates; i++) by_rate[i] += L_bar[i];
  by_delta += delta_bar;
  return price;
}

}  // namespace

// z: [paths, 40], paths a multiple of 8. out: the mean price, its derivatives by delta, by 80 volatilities and by 80 rates.
extern "C" void libor(size_t count, double delta, const double* rates, const double* sigma, const double* z, double* out) {
  std::vector<Saved> saved(kRates * kSteps);
  Lanes by_rate[kRates] = {}, by_sigma[kRates] = {}, by_delta = {}, total = {};
  for (size_t start = 0; start + kLanes <= count; start += kLanes) {
    Lanes draws[kSteps];
    for (int n = 0; n < kSteps; n++)
      for (int lane = 0; lane < kLanes; lane++) draws[n][lane] = z[(start + lane) * kSteps + n];
    total += paths(delta, rates, sigma, draws, saved, by_rate, by_sigma, by_delta);
  }
  out[0] = sum(total) / count;
  out[1] = sum(by_delta) / count;
  for (int i = 0; i < kRates; i++) {
    out[2 + i] = sum(by_sigma[i]) / count;
    out[2 + kRates + i] = sum(by_rate[i]) / count;
  }
}
