// Control groups of version 2 by path, and those of containers by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

// Where a hierarchy of cgroups is mounted.
struct CgroupHierarchy {
  std::string name;   // "unified" for version 2, else the mount's folder, e.g. "cpu,cpuacct".
  std::string mount;  // "/sys/fs/cgroup"
  bool operator==(const CgroupHierarchy&) const = default;
};

// From the text of /proc/self/mountinfo.
[[nodiscard]] std::vector<CgroupHierarchy> parse_cgroup_mounts(std::string_view mountinfo);

// Where version 2 is mounted; fails if it is not.
[[nodiscard]] Result<std::string> unified_mount();

// The folders of all cgroups of version 2, sorted.
[[nodiscard]] Result<std::vector<std::string>> find_cgroups();

// The folder of a cgroup: `path` itself, or `path` below the mount of version 2. Fails if there is none, and if it is one of
// version 1, which programs cannot ask for.
[[nodiscard]] Result<std::string> find_cgroup(const std::string& path);

// Where container engines keep what they know; other places than the usual ones are for tests.
struct ContainerPlaces {
  std::string cgroups;  // The mount of version 2.
  std::string docker = "/var/lib/docker/containers";
  std::string podman = "/var/lib/containers/storage/overlay-containers/containers.json";
};
// The cgroup of the container that `name` names, by what engines call their cgroups. `name` is that of the cgroup itself
// without its decoration ("docker-ID.scope", "libpod-ID.scope", "cri-containerd-ID.scope", "machine-NAME.scope",
// "lxc.payload.NAME", ...), the beginning of an id of at least 4 digits, or a name that docker or podman have given. Of cgroups
// inside one another the outermost. Fails if there is none, and if several match.
[[nodiscard]] Result<std::string> find_container(const std::string& name,
                                                 const ContainerPlaces& places);

}  // namespace sonde::kernel
