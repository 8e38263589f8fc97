#include "cc/ops/signature.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {
namespace {

struct Limits {
  int64_t lowest;
  int64_t highest;
  const char* hint;
};

Limits LimitsOf(char letter) {
  switch (letter) {
    case 'H':
    case 'W':
      return {1, kMaxImageSide, "render larger images in parts"};
    case 'T':
      return {1, std::numeric_limits<int64_t>::max(), "one texel per face is T = 1"};
    case 'V':
    case 'F':
      return {0, std::numeric_limits<int32_t>::max(), "indices are int32; split the mesh"};
    default:
      return {0, std::numeric_limits<int64_t>::max(), ""};
  }
}

// One axis of a shape: a letter, or a number when letter is 0.
struct Axis {
  char letter = 0;
  int64_t number = 0;
};

std::vector<Axis> ParseShape(absl::string_view shape) {
  absl::ConsumePrefix(&shape, "[");
  absl::ConsumeSuffix(&shape, "]");
  std::vector<Axis> axes;
  for (absl::string_view text : absl::StrSplit(shape, ", ", absl::SkipEmpty())) {
    Axis axis;
    if (!absl::SimpleAtoi(text, &axis.number)) axis.letter = text[0];
    axes.push_back(axis);
  }
  return axes;
}

// The axes of the form that has this rank; false if there is none.
bool FindForm(absl::string_view forms, size_t rank, std::vector<Axis>* axes) {
  for (absl::string_view form : absl::StrSplit(forms, " or ")) {
    *axes = ParseShape(form);
    if (axes->size() == rank) return true;
  }
  return false;
}

std::string ShapeText(absl::Span<const int64_t> dims) {
  const auto append_size = [](std::string* out, int64_t size) {
    absl::StrAppend(out, size == kUnknownSize ? "?" : absl::StrCat(size));
  };
  return absl::StrCat("shape [", absl::StrJoin(dims, ", ", append_size), "]");
}

// The shape is wrong; `detail` follows what was expected.
absl::Status BadShape(const char* op, const Input& input, absl::Span<const int64_t> dims,
                      absl::string_view detail, absl::string_view hint) {
  return BadArgument(
      op, input.name,
      {absl::StrCat("shape ", input.shape, detail), ShapeText(dims), std::string(hint)});
}

}  // namespace

absl::Status BadArgument(absl::string_view op, absl::string_view argument,
                         const Complaint& complaint) {
  return absl::InvalidArgumentError(
      absl::StrCat(op, ": argument `", argument, "`: expected ", complaint.expected, ", received ",
                   complaint.received, ". Hint: ", complaint.hint, "."));
}

absl::Status Sizes::Match(const char* op, const Input& input, absl::Span<const int64_t> dims) {
  std::vector<Axis> axes;
  if (!FindForm(input.shape, dims.size(), &axes)) return BadShape(op, input, dims, "", input.hint);
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == kUnknownSize) continue;
    if (axes[i].letter != 0) {
      const absl::Status status = MatchLetter(op, input, axes[i].letter, dims, dims[i]);
      if (!status.ok()) return status;
    } else if (dims[i] != axes[i].number) {
      return BadShape(op, input, dims, "", input.hint);
    }
  }
  return absl::OkStatus();
}

absl::Status Sizes::MatchLetter(const char* op, const Input& input, char letter,
                                absl::Span<const int64_t> dims, int64_t size) {
  const std::string name(1, letter);
  const Limits limits = LimitsOf(letter);
  if (size < limits.lowest || size > limits.highest) {
    const std::string range =
        absl::StrCat(" with ", limits.lowest, " <= ", name, " <= ", limits.highest);
    return BadShape(op, input, dims, range, limits.hint);
  }
  const Entry& entry = entries_[letter - 'A'];
  if (entry.argument == nullptr) Bind(letter, size, input.name);
  if (entry.size == size) return absl::OkStatus();
  return BadShape(op, input, dims,
                  absl::StrCat(" with ", name, " = ", entry.size, " as in `", entry.argument, "`"),
                  absl::StrCat("all arguments share the size ", name));
}

void Sizes::Bind(char letter, int64_t size, const char* argument) {
  entries_[letter - 'A'] = {size, argument};
}

std::vector<int64_t> Sizes::Of(absl::string_view shape) const {
  std::vector<int64_t> dims;
  for (const Axis& axis : ParseShape(shape)) {
    dims.push_back(axis.letter ? (*this)[axis.letter] : axis.number);
  }
  return dims;
}

}  // namespace mesh_renderer
