// The side of the custom call that XLA compiles: one kernel for every op of the library. Shapes
// come from the op's own shape function, attributes are handed on as they are.

#include <cstring>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cc/ops/register_op.h"
#include "cc/xla/custom_call.h"
#include "tensorflow/compiler/tf2xla/shape_util.h"
#include "tensorflow/compiler/tf2xla/xla_op_kernel.h"
#include "tensorflow/compiler/tf2xla/xla_op_registry.h"
#include "tensorflow/core/framework/kernel_def.pb.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace mesh_renderer {
namespace {

using tensorflow::OpRegistrationData;
using tensorflow::OpRegistry;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::XlaOpKernelContext;
using tensorflow::shape_inference::InferenceContext;

// The bits of a float as the text of MLIR writes them: exact, and infinity has no other form.
std::string FloatText(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return absl::StrCat("0x", absl::Hex(bits, absl::kZeroPad8), " : f32");
}

// The text of an attribute that ops of this library may have.
std::string AttributeText(const tensorflow::AttrValue& value) {
  switch (value.value_case()) {
    case tensorflow::AttrValue::kS:
      return absl::StrCat("\"", value.s(), "\"");
    case tensorflow::AttrValue::kF:
      return FloatText(value.f());
    case tensorflow::AttrValue::kI:
      return absl::StrCat(value.i(), " : i32");
    default:
      return value.b() ? "true" : "false";
  }
}

// Compiles any op: a call of the handler with its operands.
class CustomCallKernel final : public tensorflow::XlaOpKernel {
 public:
  explicit CustomCallKernel(tensorflow::OpKernelConstruction* context) : XlaOpKernel(context) {
    OP_REQUIRES_OK(context, OpRegistry::Global()->LookUp(type_string(), &op_));
    tensorflow::DataType type;
    OP_REQUIRES_OK(context, context->GetAttr("T", &type));
    type_ = tensorflow::DataTypeString(type);
    // Refuses illegal attributes as the op itself would.
    std::unique_ptr<AnyOp<CpuBackend>> op;
    OP_REQUIRES_OK(context, MakeOp(CpuOps(), type_string(), type_, TfAttributes(context), &op));
  }

  void Compile(XlaOpKernelContext* context) override {
    OP_REQUIRES_OK(context, CompileCall(context));
  }

 private:
  struct Call {
    std::vector<xla::XlaOp> operands;
    std::vector<xla::Shape> operand_shapes;
    std::vector<xla::Shape> output_shapes;
    Tensor image_size;
    int image_size_place = -1;
  };

  absl::Status CompileCall(XlaOpKernelContext* context) {
    Call call;
    TF_RETURN_IF_ERROR(ReadOperands(context, &call));
    TF_RETURN_IF_ERROR(InferOutputs(context, &call));
    const xla::XlaOp outputs = xla::CustomCallWithLayout(
        context->builder(), kCustomCallTarget, call.operands,
        xla::ShapeUtil::MakeTupleShape(call.output_shapes), call.operand_shapes,
        AttributesText(call),
        /*has_side_effect=*/false, /*output_operand_aliasing=*/{}, /*literal=*/nullptr,
        xla::CustomCallSchedule::SCHEDULE_NONE, xla::CustomCallApiVersion::API_VERSION_TYPED_FFI);
    for (int i = 0; i < context->num_outputs(); ++i) {
      context->SetOutput(i, xla::GetTupleElement(outputs, i));
    }
    return absl::OkStatus();
  }

  // Operands with row-major layout; the image size is read instead.
  absl::Status ReadOperands(XlaOpKernelContext* context, Call* call) const {
    for (int i = 0; i < context->num_inputs(); ++i) {
      if (op_->op_def.input_arg(i).name() == kImageSizeName) {
        call->image_size_place = i;
        TF_ASSIGN_OR_RETURN(call->image_size, context->ConstantInputTensor(i));
        continue;
      }
      TF_ASSIGN_OR_RETURN(xla::Shape shape, context->InputXlaShape(i));
      if (!shape.is_static()) {
        return absl::UnimplementedError(
            absl::StrCat(type_string(), ": argument `", op_->op_def.input_arg(i).name(),
                         "`: expected a static shape under XLA, received ", shape.ToString(),
                         ". Hint: leave jit_compile off where sizes depend on values."));
      }
      xla::LayoutUtil::SetToDefaultLayout(&shape);
      call->operands.push_back(context->Input(i));
      call->operand_shapes.push_back(shape);
    }
    return absl::OkStatus();
  }

  // The output shapes by the op's shape function, which also refuses what does not fit.
  absl::Status InferOutputs(XlaOpKernelContext* context, Call* call) const {
    std::vector<tensorflow::PartialTensorShape> shapes;
    std::vector<const Tensor*> known(context->num_inputs(), nullptr);
    for (int i = 0; i < context->num_inputs(); ++i) {
      TensorShape shape;
      TF_ASSIGN_OR_RETURN(const xla::Shape input, context->InputXlaShape(i));
      TF_RETURN_IF_ERROR(tensorflow::XLAShapeToTensorShape(input, &shape));
      shapes.emplace_back(shape);
    }
    if (call->image_size_place >= 0) known[call->image_size_place] = &call->image_size;
    InferenceContext inference(TF_GRAPH_DEF_VERSION, tensorflow::AttrSlice(def()), op_->op_def,
                               shapes, known, {}, {});
    TF_RETURN_IF_ERROR(inference.construction_status());
    TF_RETURN_IF_ERROR(inference.Run(op_->shape_inference_fn));
    for (int i = 0; i < context->num_outputs(); ++i) {
      TensorShape shape;
      TF_RETURN_IF_ERROR(
          TensorShape::BuildTensorShape(inference.ShapeHandleToProto(inference.output(i)), &shape));
      call->output_shapes.emplace_back();
      TF_RETURN_IF_ERROR(tensorflow::TensorShapeToXLAShape(context->expected_output_dtype(i), shape,
                                                           &call->output_shapes.back()));
    }
    return absl::OkStatus();
  }

  // The dictionary that the handler reads, as text of MLIR.
  std::string AttributesText(const Call& call) const {
    std::vector<std::string> entries = {absl::StrCat(kOpAttribute, " = \"", type_string(), "\""),
                                        absl::StrCat(kTypeAttribute, " = \"", type_, "\"")};
    for (const auto& attribute : op_->op_def.attr()) {
      if (attribute.type() == "type") continue;
      entries.push_back(
          absl::StrCat(attribute.name(), " = ", AttributeText(def().attr().at(attribute.name()))));
    }
    if (call.image_size_place >= 0) {
      const auto size = call.image_size.flat<int32_t>();
      entries.push_back(
          absl::StrCat(kImageSizeAttribute, " = array<i32: ", size(0), ", ", size(1), ">"));
      entries.push_back(
          absl::StrCat(kImageSizePlaceAttribute, " = ", call.image_size_place, " : i32"));
    }
    return absl::StrCat("{", absl::StrJoin(entries, ", "), "}");
  }

  const OpRegistrationData* op_;
  std::string type_;
};

tensorflow::OpKernel* MakeKernel(tensorflow::OpKernelConstruction* context) {
  return new CustomCallKernel(context);
}

// Whether TensorFlow has made kernels of what is registered for XLA, which it does once, when it
// first compiles: later registrations go unseen.
bool KernelsAreMade(const char* device) {
  tensorflow::NodeDef any;
  any.set_op("AddV2");
  (*any.mutable_attr())["T"].set_type(tensorflow::DT_FLOAT);
  return tensorflow::KernelDefAvailable(tensorflow::DeviceType(device), any);
}

// Makes the kernel that TensorFlow would have made.
void RegisterLate(const std::string& name, const char* device,
                  const std::vector<tensorflow::DataType>& types) {
  auto* const kernel = new tensorflow::KernelDef;  // the registrar takes it
  kernel->set_op(name);
  kernel->set_device_type(device);
  auto* const constraint = kernel->add_constraint();
  constraint->set_name("T");
  for (tensorflow::DataType type : types) {
    constraint->mutable_allowed_values()->mutable_list()->add_type(type);
  }
  tensorflow::kernel_factory::OpKernelRegistrar(kernel, "CustomCallKernel", MakeKernel);
}

// Every op of the table, for the types that it has there.
template <typename Backend>
bool Register(const OpTable<Backend>& table, const char* device) {
  std::map<std::string, std::vector<tensorflow::DataType>> types;
  for (const OpEntry<Backend>& entry : table) {
    types[entry.name].push_back(entry.type == "float" ? tensorflow::DT_FLOAT
                                                      : tensorflow::DT_DOUBLE);
  }
  const bool late = KernelsAreMade(device);
  for (const auto& [name, allowed] : types) {
    auto builder = tensorflow::XlaOpRegistrationBuilder::Name(name);
    builder.Device(device).TypeConstraint("T", allowed).CompileTimeConstantInput(kImageSizeName);
    tensorflow::XlaOpRegistrar(builder.Build(MakeKernel));
    if (late) RegisterLate(name, device, allowed);
  }
  return true;
}

[[maybe_unused]] const bool registered_on_cpu = Register(CpuOps(), tensorflow::DEVICE_CPU_XLA_JIT);
[[maybe_unused]] const bool registered_on_cuda =
    Register(CudaOps(), tensorflow::DEVICE_GPU_XLA_JIT);  // none without CUDA kernels

}  // namespace
}  // namespace mesh_renderer
