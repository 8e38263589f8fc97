// The loops for GPUs against the CPU's.
#include "cc/kernels/face_texture_device.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/face_texture_case_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

using Case = FaceTextureCase<float>;

constexpr float kTolerance = 1e-5f;  // sums of some hundred numbers in another order

void RunOnDevice(Case* c, bool barycentrics_gradient, Order order) {
  SerialDevice device(order);
  FaceTextureOnDevice(c->Params(), device);
  FaceTextureGradOnDevice(c->GradParams(barycentrics_gradient), device);
}

void RunOnCpu(Case* c, bool barycentrics_gradient) {
  c->Forward(SerialFor());
  c->Backward(barycentrics_gradient, SerialFor());
}

TEST(FaceTextureDeviceTest, AgreesWithTheCpu) {
  for (bool barycentrics_gradient : {false, true}) {
    ForFaceTextureCases<float>([&](Case* c) {
      RunOnDevice(c, barycentrics_gradient, Order::kForward);
      Case cpu(c->size);
      RunOnCpu(&cpu, barycentrics_gradient);
      ASSERT_EQ(c->output, cpu.output);
      ASSERT_EQ(c->grad_barycentrics, cpu.grad_barycentrics);
      ExpectClose(c->grad_textures, cpu.grad_textures, kTolerance);
    });
  }
}

TEST(FaceTextureDeviceTest, NoOrderChangesABit) {
  ForFaceTextureCases<float>([&](Case* c) {
    RunOnDevice(c, true, Order::kForward);
    for (Order order : kOrders) {
      Case other(c->size);
      RunOnDevice(&other, true, order);
      ASSERT_EQ(other.output, c->output);
      ASSERT_EQ(other.grad_textures, c->grad_textures);
      ASSERT_EQ(other.grad_barycentrics, c->grad_barycentrics);
    }
  });
}

TEST(FaceTextureDeviceTest, EmptyInputsGiveZerosOrNothing) {
  for (const FaceTextureCaseSize& size :
       {FaceTextureCaseSize{{0, 4, 4}, 2, 3, true}, FaceTextureCaseSize{{0, 4, 4}, 2, 3, false},
        FaceTextureCaseSize{{2, 0, 4}, 2, 3, false}, FaceTextureCaseSize{{2, 4, 0}, 2, 3, true},
        FaceTextureCaseSize{{2, 4, 4}, 2, 0, false}}) {
    Case c(size);
    RunOnDevice(&c, true, Order::kForward);
    for (float value : c.grad_textures) EXPECT_EQ(value, 0);
    for (float value : c.grad_barycentrics) EXPECT_EQ(value, 0);
  }
}

TEST(FaceTextureDeviceTest, EmptyPixelsOfNoFacesAreZero) {
  std::vector<int32_t> face_id(6, -1);
  std::vector<float> barycentrics(18), output(18, 1), grad_output(18, 1), grad_barycentrics(18, 1);
  const ImageShape image = {1, 2, 3};
  SerialDevice device;
  FaceTextureOnDevice(
      {image, 0, 2, 3, false, 1e-3, nullptr, face_id.data(), barycentrics.data(), output.data()},
      device);
  FaceTextureGradOnDevice(
      {image, 0, 2, 3, false, 1e-3, true, nullptr, face_id.data(), barycentrics.data(),
       grad_output.data(), nullptr, grad_barycentrics.data()},
      device);
  for (float value : output) EXPECT_EQ(value, 0);
  for (float value : grad_barycentrics) EXPECT_EQ(value, 0);
}

TEST(FaceTextureDeviceTest, WhatIsNoNumberReachesTheSameTexels) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), INFINITY}) {
    Case c({{2, 6, 7}, 4, 3, false}), cpu(c.size);
    for (Case* each : {&c, &cpu}) {
      each->grad_output[5 * 3] = bad;
      each->barycentrics[11 * 3 + 1] = bad;
      each->textures[each->textures.size() - 4] = bad;
    }
    RunOnDevice(&c, true, Order::kForward);
    RunOnCpu(&cpu, true);
    ExpectClose(c.output, cpu.output, 0);
    ExpectClose(c.grad_barycentrics, cpu.grad_barycentrics, 0);
    ExpectClose(c.grad_textures, cpu.grad_textures, kTolerance);
  }
}

}  // namespace
}  // namespace mesh_renderer
