#include "ast/layout.h"

#include <algorithm>

#include "base/check.h"

namespace sonde::ast {
namespace {

constexpr std::size_t kBlockIndent = 2;
constexpr std::size_t kContinuationIndent = 4;
constexpr std::size_t kEndless = std::size_t{1} << 40;  // The width of what holds a Hard break.

bool is_forced(Layout::Break kind) { return kind >= Layout::Break::Hard; }

}  // namespace

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

void Layout::text(std::string_view text) { items_.push_back({.kind = Kind::Text, .text = text}); }

void Layout::trailing(std::string_view comment) {
  items_.push_back({.kind = Kind::Trailing, .text = comment});
}

void Layout::line_break(Break kind, bool space) {
  items_.push_back({.kind = Kind::Break, .break_kind = kind, .space = space});
}

void Layout::open(Indent indent) { items_.push_back({.kind = Kind::Open, .indent = indent}); }

void Layout::close() { items_.push_back({.kind = Kind::Close}); }

// Fills in `partner`, `width` and `chunk` of all items, and `tail_`.
class Layout::Measure {
 public:
  explicit Measure(Layout& layout) : items_(layout.items_), tail_(layout.tail_) {}

  void run() {
    sum_up();
    find_tails();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      switch (items_[i].kind) {
        case Kind::Open: open_.push_back({i, i}); break;
        case Kind::Break:
          if (!open_.empty()) end_chunk(i);
          break;
        case Kind::Close: close(i); break;
        case Kind::Text:
        case Kind::Trailing: break;
      }
    }
    SONDE_CHECK(open_.empty());
  }

 private:
  struct OpenGroup {
    std::size_t open;
    std::size_t chunk;  // The Open or the last break.
  };

  void sum_up() {
    sums_.resize(items_.size() + 1);
    forced_.resize(items_.size() + 1);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      const bool forced = item.kind == Kind::Break && is_forced(item.break_kind);
      std::size_t width = 0;
      if (item.kind == Kind::Text) width = text_width(item.text);
      if (item.kind == Kind::Break && !forced && item.space) width = 1;
      sums_[i + 1] = sums_[i] + width;
      forced_[i + 1] = forced_[i] + (forced ? 1 : 0);
    }
  }

  void find_tails() {
    tail_.assign(items_.size() + 1, 0);
    next_forced_.assign(items_.size() + 1, items_.size());
    for (std::size_t i = items_.size(); i > 0; --i) {
      const Item& item = items_[i - 1];
      const bool is_break = item.kind == Kind::Break;
      tail_[i - 1] = is_break ? 0 : tail_[i] + sums_[i] - sums_[i - 1];
      next_forced_[i - 1] = is_break && is_forced(item.break_kind) ? i - 1 : next_forced_[i];
    }
  }

  // Columns from behind `begin` up to `end`, or to where the line ends before that.
  [[nodiscard]] std::size_t between(std::size_t begin, std::size_t end) const {
    return sums_[std::min(end, next_forced_[begin + 1])] - sums_[begin + 1];
  }

  void end_chunk(std::size_t at) {
    OpenGroup& group = open_.back();
    Item& item = items_[group.chunk];
    std::size_t width = between(group.chunk, at);
    const bool ends_group = items_[at].kind == Kind::Close;
    if (ends_group && next_forced_[group.chunk + 1] > at) width += tail_[at + 1];
    if (item.kind == Kind::Break) {
      item.partner = at;
      item.width = width;
    }
    Item& open = items_[group.open];
    open.chunk = std::max(open.chunk, width);
    group.chunk = at;
  }

  void close(std::size_t at) {
    SONDE_CHECK(!open_.empty());
    end_chunk(at);
    const std::size_t begin = open_.back().open;
    Item& open = items_[begin];
    open.partner = at;
    open.width = forced_[at] > forced_[begin] ? kEndless : sums_[at] - sums_[begin] + tail_[at + 1];
    open_.pop_back();
  }

  std::vector<Item>& items_;
  std::vector<std::size_t>& tail_;
  std::vector<std::size_t> sums_;    // Columns of the items before.
  std::vector<std::size_t> forced_;  // Forced breaks among the items before.
  std::vector<std::size_t> next_forced_;
  std::vector<OpenGroup> open_;
};

std::string Layout::render() {
  Measure(*this).run();
  groups_.push_back({0, false});
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    switch (item.kind) {
      case Kind::Text: render_text(item.text); break;
      case Kind::Trailing:
        owed_ = 0;
        trailers_.push_back({out_.size() + 1, column_ + 1, line_, text_width(item.text),
                             !out_.ends_with('{') && !out_.ends_with('}')});
        out_ += ' ';
        out_ += item.text;
        column_ += 1 + trailers_.back().width;
        break;
      case Kind::Break: render_break(item); break;
      case Kind::Open: render_open(i); break;
      case Kind::Close: groups_.pop_back(); break;
    }
  }
  align_trailers();
  return std::move(out_);
}

void Layout::render_open(std::size_t at) {
  const Item& item = items_[at];
  const Group around = groups_.back();
  Group group{around.indent, around.flat || fits(item.width)};
  switch (item.indent) {
    case Indent::Same: break;
    case Indent::Base:
      if (around.further) group.indent -= kContinuationIndent;
      break;
    case Indent::Block: group.indent += kBlockIndent; break;
    case Indent::Further:
      group.indent += kContinuationIndent;
      group.further = true;
      break;
    case Indent::Align: group.indent = column_; break;
    case Indent::Bracket:
      group.indent = around.indent + (around.further ? 0 : kContinuationIndent);
      if (!group.flat && !fits(item.chunk) && group.indent + item.chunk <= kLineWidth &&
          group.indent < column_) {
        new_line(group.indent);
      } else {
        group.indent = column_;
      }
      break;
  }
  groups_.push_back(group);
}

void Layout::render_break(const Item& item) {
  const Group& group = groups_.back();
  const std::size_t space = item.space ? 1 : 0;
  const std::size_t next = item.break_kind == Break::Tight
                               ? tail_[static_cast<std::size_t>(&item - items_.data()) + 1]
                               : item.width;
  switch (item.break_kind) {
    case Break::Fill:
    case Break::Tight:
      if (group.flat || fits(space + next) || group.indent >= column_) break;
      new_line(group.indent);
      return;
    case Break::Consistent:
      if (group.flat) break;
      new_line(group.indent);
      return;
    case Break::Hard: new_line(group.indent); return;
    case Break::Blank:
      new_line(0);
      new_line(group.indent);
      return;
    case Break::Verbatim: new_line(0); return;
  }
  owed_ += space;
  column_ += space;
}

void Layout::render_text(std::string_view text) {
  out_.append(owed_, ' ');
  owed_ = 0;
  out_ += text;
  column_ += text_width(text);
}

void Layout::new_line(std::size_t indent) {
  out_ += '\n';
  ++line_;
  owed_ = indent;
  column_ = indent;
}

std::size_t Layout::end_of_run(std::size_t first) const {
  std::size_t last = first + 1;
  while (last < trailers_.size() && trailers_[last].line == trailers_[last - 1].line + 1 &&
         trailers_[last].aligned && trailers_[first].aligned)
    ++last;
  return last;
}

// Comments at the ends of neighbouring lines begin in one column, if all of them fit then.
void Layout::align_trailers() {
  std::string aligned;
  std::size_t copied = 0;
  for (std::size_t first = 0; first < trailers_.size();) {
    const std::size_t last = end_of_run(first);
    std::size_t column = 0;
    std::size_t width = 0;
    for (std::size_t i = first; i < last; ++i) {
      column = std::max(column, trailers_[i].column);
      width = std::max(width, trailers_[i].width);
    }
    for (std::size_t i = first; i < last && column + width <= kLineWidth; ++i) {
      aligned.append(out_, copied, trailers_[i].offset - copied);
      aligned.append(column - trailers_[i].column, ' ');
      copied = trailers_[i].offset;
    }
    first = last;
  }
  if (copied == 0) return;
  aligned.append(out_, copied);
  out_ = std::move(aligned);
}

}  // namespace sonde::ast
