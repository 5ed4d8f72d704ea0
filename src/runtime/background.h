// Work that is left when this process has ended.
#pragma once

#include <functional>
#include <vector>

namespace sonde::runtime {

// Starts a child that keeps the descriptors `kept` open and nothing else of the caller's, waits for the end of this process, however
// it comes, and runs `work`. The child is out of the caller's session and files: nobody who waits for the end of a pipe or of a
// process group waits for it.
void after_death(std::vector<int> kept, const std::function<void()>& work);

}  // namespace sonde::runtime
