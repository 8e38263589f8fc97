#include "cc/ops/softras_inputs.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/ops/rasterize_inputs.h"

namespace mesh_renderer {
namespace {

struct Interval {
  double lowest, highest;
};

// Numbers that are divided by: nothing then overflows in float.
constexpr Interval kScales = {1e-12, 1e12};

// A number that must lie in an interval; its ends belong to it.
absl::Status ReadNumber(const char* op, const char* name, const Interval& legal,
                        const Attributes& attributes, double* number) {
  float value;
  TF_RETURN_IF_ERROR(attributes.Get(name, &value));
  *number = value;
  // Compared in float, as the bounds would be kept too.
  if (value >= static_cast<float>(legal.lowest) && value <= static_cast<float>(legal.highest)) {
    return absl::OkStatus();
  }
  return BadArgument(op, name,
                     {absl::StrCat("a number from ", legal.lowest, " to ", legal.highest),
                      absl::StrCat(value), "the defaults are those of the released program"});
}

}  // namespace

absl::Status ReadBlur(const char* op, const Attributes& attributes, SoftBlur* blur) {
  std::string distance;
  TF_RETURN_IF_ERROR(attributes.Get("distance", &distance));
  blur->distance = distance == "euclidean"     ? SoftDistance::kEuclidean
                   : distance == "barycentric" ? SoftDistance::kBarycentric
                                               : SoftDistance::kHard;
  TF_RETURN_IF_ERROR(ReadNumber(op, "sigma", kScales, attributes, &blur->sigma));
  return ReadNumber(op, "dist_eps", {1e-30, 0.5}, attributes, &blur->dist_eps);
}

absl::Status ReadAlphaAggregation(const char* name, const Attributes& attributes,
                                  AlphaAggregation* aggregation) {
  std::string value;
  TF_RETURN_IF_ERROR(attributes.Get(name, &value));
  *aggregation = value == "product" ? AlphaAggregation::kProduct
                 : value == "sum"   ? AlphaAggregation::kSum
                                    : AlphaAggregation::kHard;
  return absl::OkStatus();
}

absl::Status ReadSoftView(const char* op, const Attributes& attributes, SoftView* view) {
  TF_RETURN_IF_ERROR(ReadCull(attributes, &view->visibility.cull));
  TF_RETURN_IF_ERROR(ReadDepthSettings(op, attributes, &view->visibility));
  const double near = view->visibility.near, far = view->visibility.far;
  if (!(std::abs(near) <= kScales.highest && std::abs(far) <= kScales.highest &&
        far - near >= kScales.lowest)) {
    return BadArgument(op, std::abs(far) <= kScales.highest ? "near" : "far",
                       {absl::StrCat("near and far within +-", kScales.highest, ", at least ",
                                     kScales.lowest, " apart"),
                        absl::StrCat("near = ", near, ", far = ", far),
                        "colours mix by depth relative to this range"});
  }
  return attributes.Get("perspective_correct", &view->perspective_correct);
}

template <typename T>
absl::Status ReadMixing(const char* op, const Attributes& attributes, SoftMixing* mixing) {
  std::string rgb;
  TF_RETURN_IF_ERROR(attributes.Get("aggregate_rgb", &rgb));
  mixing->rgb = rgb == "softmax" ? RgbAggregation::kSoftmax : RgbAggregation::kHard;
  TF_RETURN_IF_ERROR(ReadAlphaAggregation("aggregate_alpha", attributes, &mixing->alpha));
  TF_RETURN_IF_ERROR(attributes.Get("original_gradient", &mixing->original_gradient));
  TF_RETURN_IF_ERROR(ReadNumber(op, "gamma", kScales, attributes, &mixing->gamma));
  TF_RETURN_IF_ERROR(ReadNumber(op, "eps", {0, 1e12}, attributes, &mixing->eps));
  // exp(eps / gamma), the weight of the background, must stay finite beside the sum of the faces.
  constexpr double kLargestPower = sizeof(T) == sizeof(float) ? 80 : 700;
  const double power = mixing->eps / mixing->gamma;
  if (power <= kLargestPower) return absl::OkStatus();
  return BadArgument(op, "eps",
                     {absl::StrCat("eps / gamma of at most ", kLargestPower,
                                   ", since exp(eps / gamma) must not overflow"),
                      absl::StrCat("eps = ", mixing->eps, ", gamma = ", mixing->gamma),
                      "lower eps with gamma; the defaults have a ratio of 10"});
}

template absl::Status ReadMixing<float>(const char*, const Attributes&, SoftMixing*);
template absl::Status ReadMixing<double>(const char*, const Attributes&, SoftMixing*);

}  // namespace mesh_renderer
