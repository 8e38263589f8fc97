// The loops for GPUs against the CPU's.
#include <gtest/gtest.h>

#include <limits>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/serial_device_for_test.h"
#include "cc/kernels/texture_case_for_test.h"
#include "cc/kernels/texture_grad_device.h"

namespace mesh_renderer {
namespace {

using Case = TextureCase<float>;

constexpr ImageShape kImage = {2, 9, 70};
constexpr float kTolerance = 5e-5f;  // the CPU adds a thousand floats that nearly cancel

void RunOnDevice(Case* c, Order order = Order::kForward) {
  SerialDevice device(order);
  TextureOnDevice(c->Params(), device);
  TextureGradOnDevice(c->GradParams(), device);
}

// The same inputs as those of `c`, on the CPU.
Case RunOnCpu(const Case& c) {
  Case cpu(c.size);
  cpu.texture = c.texture;
  cpu.uv = c.uv;
  cpu.uv_derivatives = c.uv_derivatives;
  cpu.grad_output = c.grad_output;
  cpu.Forward(SerialFor());
  cpu.Backward(SerialFor());
  return cpu;
}

void ExpectSameAsOnCpu(const Case& c) {
  const Case cpu = RunOnCpu(c);
  ASSERT_EQ(c.output, cpu.output);
  ExpectClose(c.grad_texture, cpu.grad_texture, kTolerance);
  ExpectClose(c.grad_uv, cpu.grad_uv, kTolerance);
  ExpectClose(c.grad_uv_derivatives, cpu.grad_uv_derivatives, kTolerance);
}

TEST(TextureDeviceTest, AgreesWithTheCpu) {
  for (const auto& [height, width] : {std::pair(5, 7), std::pair(16, 3), std::pair(1, 1)}) {
    ForTextureCases<float>(kImage, height, width, [](Case* c) {
      RunOnDevice(c);
      ExpectSameAsOnCpu(*c);
    });
  }
}

TEST(TextureDeviceTest, AgreesWithTheCpuInEveryLevel) {
  for (float footprint : {1e-3f, 0.02f, 0.1f, 0.6f, 30.0f, 1e30f}) {
    for (TextureWrap wrap : kTextureWraps) {
      Case c({kImage, {false, 37, 64, 3}, {TextureFilter::kTrilinear, wrap}, true});
      for (float& value : c.uv_derivatives) value *= footprint;
      for (size_t i = 0; i < c.uv_derivatives.size(); i += 11) c.uv_derivatives[i] = 0;
      RunOnDevice(&c);
      ExpectSameAsOnCpu(c);
    }
  }
}

TEST(TextureDeviceTest, AgreesWithTheCpuForFarCoordinates) {
  for (float factor : {1e3f, 1e6f, 1e9f, 1e30f}) {
    ForTextureCases<float>({1, 4, 30}, 6, 5, [factor](Case* c) {
      for (float& value : c->uv) value *= factor;
      RunOnDevice(c);
      ExpectSameAsOnCpu(*c);
    });
  }
}

TEST(TextureDeviceTest, NoOrderChangesABit) {
  ForTextureCases<float>(kImage, 13, 6, [](Case* c) {
    RunOnDevice(c);
    for (Order order : kOrders) {
      Case other(c->size);
      RunOnDevice(&other, order);
      ASSERT_EQ(other.output, c->output);
      ASSERT_EQ(other.grad_texture, c->grad_texture);
      ASSERT_EQ(other.grad_uv, c->grad_uv);
      ASSERT_EQ(other.grad_uv_derivatives, c->grad_uv_derivatives);
    }
  });
}

TEST(TextureDeviceTest, EmptyInputsGiveZerosOrNothing) {
  for (TextureFilter filter : kTextureFilters) {
    const TextureSettings settings = {filter, TextureWrap::kRepeat};
    for (const TextureCaseSize& size :
         {TextureCaseSize{{0, 4, 4}, {true, 2, 3, 3}, settings, true},
          TextureCaseSize{{0, 4, 4}, {false, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 0, 4}, {true, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 4, 0}, {false, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 4, 4}, {false, 2, 3, 0}, settings, true}}) {
      Case c(size);
      RunOnDevice(&c);
      for (float value : c.grad_texture) EXPECT_EQ(value, 0);
      for (float value : c.grad_uv) EXPECT_EQ(value, 0);
    }
  }
}

TEST(TextureDeviceTest, PixelsThatAreNotCoveredReadAndAddNothing) {
  for (TextureFilter filter : kTextureFilters) {
    Case c({{1, 5, 70}, {true, 3, 3, 3}, {filter, TextureWrap::kClamp}, true});
    std::fill(c.texture.begin(), c.texture.end(), std::numeric_limits<float>::infinity());
    std::fill_n(c.covered.get(), c.uv.size() / 2, false);
    RunOnDevice(&c);
    for (const auto* values : {&c.output, &c.grad_texture, &c.grad_uv, &c.grad_uv_derivatives}) {
      for (float value : *values) ASSERT_EQ(value, 0);
    }
  }
}

TEST(TextureDeviceTest, AnUpstreamNanReachesTheSameGradients) {
  ForTextureCases<float>({2, 4, 30}, 6, 5, [](Case* c) {
    c->grad_output[40 * c->size.texture.num_channels] = std::numeric_limits<float>::quiet_NaN();
    c->uv[2 * 7] = std::numeric_limits<float>::quiet_NaN();
    RunOnDevice(c);
    ExpectSameAsOnCpu(*c);
  });
}

}  // namespace
}  // namespace mesh_renderer
