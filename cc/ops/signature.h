// The shapes of an op's inputs and outputs, written once per op and read by its shape function, by
// the checks in Compute and by whoever opens the op's header.
//
// A shape is a text such as "[B, V, 4]". A capital letter is a size that all arguments of the op
// share: the first argument that holds it binds it. An input with several forms lists them, as in
// "[F, 3] or [B, F, 3]"; their ranks differ.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace mesh_renderer {

struct Input {
  const char* name;
  const char* shape;
  const char* hint;  // what to do when the shape is wrong
};

// Inputs and outputs in the order of REGISTER_OP; unused places at the end are null.
struct Signature {
  static constexpr int kMaxInputs = 6;
  static constexpr int kMaxOutputs = 5;

  const char* op;
  Input input[kMaxInputs];
  const char* output[kMaxOutputs];  // shapes

  absl::Span<const Input> inputs() const {
    const auto is_unused = [](const Input& i) { return i.name == nullptr; };
    return {input, static_cast<size_t>(std::find_if(input, input + kMaxInputs, is_unused) - input)};
  }
  absl::Span<const char* const> outputs() const {
    return {output, static_cast<size_t>(std::find(output, output + kMaxOutputs, nullptr) - output)};
  }
};

// What is wrong with one argument of one op.
struct Complaint {
  std::string expected;
  std::string received;
  std::string hint;
};

// "<op>: argument `<name>`: expected <expected>, received <received>. Hint: <hint>."
absl::Status BadArgument(absl::string_view op, absl::string_view argument,
                         const Complaint& complaint);

// A size that is not known before the op runs.
inline constexpr int64_t kUnknownSize = -1;

// The sizes of one call by letter.
class Sizes {
 public:
  // Binds the letters of an input's shape to `dims`, or says what does not fit. H, W, T, V and F
  // have limits; every other size may be anything, zero too.
  absl::Status Match(const char* op, const Input& input, absl::Span<const int64_t> dims);

  void Bind(char letter, int64_t size, const char* argument);

  // Size of a letter, kUnknownSize if no argument has told.
  int64_t operator[](char letter) const { return entries_[letter - 'A'].size; }

  // The shape with its letters replaced by their sizes.
  std::vector<int64_t> Of(absl::string_view shape) const;

 private:
  static constexpr int kNumLetters = 26;
  struct Entry {
    int64_t size = kUnknownSize;
    const char* argument = nullptr;  // who told
  };
  absl::Status MatchLetter(const char* op, const Input& input, char letter,
                           absl::Span<const int64_t> dims, int64_t size);

  Entry entries_[kNumLetters];
};

}  // namespace mesh_renderer
