// Interpolate on a Device: the output has the bits of the CPU's, gradients are close.
#include "cc/kernels/interpolate_device.h"

#include <cmath>
#include <limits>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/interpolate_case_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

constexpr float kTolerance = 1e-5f;  // sums of floats in another order

Case<float> OnDevice(Case<float> c, Order order) {
  SerialDevice device(order);
  InterpolateOnDevice(c.ForwardParams(), device);
  InterpolateGradOnDevice(c.BackwardParams(), device);
  return c;
}

void ExpectLikeTheCpu(const Case<float>& inputs) {
  Case<float> expected = inputs;
  expected.Forward(SerialFor());
  expected.Backward(SerialFor());
  const Case<float> forward = OnDevice(inputs, Order::kForward);
  EXPECT_EQ(forward.output, expected.output);
  ExpectClose(forward.grad_attributes, expected.grad_attributes, kTolerance);
  ExpectClose(forward.grad_barycentrics, expected.grad_barycentrics, kTolerance);
  for (const Order order : kOrders) {
    const Case<float> ours = OnDevice(inputs, order);
    EXPECT_EQ(ours.output, forward.output);
    EXPECT_EQ(ours.grad_attributes, forward.grad_attributes);
    EXPECT_EQ(ours.grad_barycentrics, forward.grad_barycentrics);
  }
}

TEST(InterpolateDeviceTest, AllShapesMatchTheCpu) {
  ForAllCases<float>([](Case<float>* c) { ExpectLikeTheCpu(*c); });
}

TEST(InterpolateDeviceTest, EmptyInputs) {
  for (const Size& size : {Size{{0, 4, 4}, 3, false}, Size{{2, 0, 4}, 3, false},
                           Size{{2, 4, 0}, 3, true}, Size{{2, 4, 4}, 0, true}}) {
    ExpectLikeTheCpu(Case<float>(size));
  }
}

TEST(InterpolateDeviceTest, NoFacesGiveZeros) {
  Case<float> c({{2, 5, 3}, 3, false});
  c.face_id.assign(c.face_id.size(), -1);
  ExpectLikeTheCpu(c);
}

TEST(InterpolateDeviceTest, NonFiniteUpstreamReachesWhatItReachesOnTheCpu) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Case<float> c({{2, 9, 8}, 3, true});
    c.grad_output.back() = bad;  // a pixel that shows a face
    Case<float> expected = c;
    expected.Backward(SerialFor());
    for (const Order order : kOrders) {
      const Case<float> ours = OnDevice(c, order);
      int not_finite = 0;
      for (size_t i = 0; i < ours.grad_attributes.size(); ++i) {
        EXPECT_EQ(std::isfinite(ours.grad_attributes[i]),
                  std::isfinite(expected.grad_attributes[i]));
        not_finite += !std::isfinite(ours.grad_attributes[i]);
      }
      for (size_t i = 0; i < ours.grad_barycentrics.size(); ++i) {
        EXPECT_EQ(std::isfinite(ours.grad_barycentrics[i]),
                  std::isfinite(expected.grad_barycentrics[i]));
      }
      EXPECT_EQ(not_finite, 3);
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
