// The system's C library under one name: `import MoultPlatform` in place of a choice of three modules in every file.
#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Glibc
#endif
