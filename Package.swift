// swift-tools-version: 6.2
import PackageDescription

/// Continuous integration sets MOULT_STRICT so that a warning fails the build; users who depend on Moult never see it.
let strict = Context.environment["MOULT_STRICT"] != nil
let swiftSettings: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
  + (strict ? [.treatAllWarnings(as: .error)] : [])
let cSettings: [CSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let package = Package(
  name: "Moult",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Moult", targets: ["Moult"]),
    .library(name: "MoultCore", targets: ["MoultCore"]),
    .library(name: "MoultNN", targets: ["MoultNN"]),
    .library(name: "MoultFormats", targets: ["MoultFormats"]),
    .library(name: "MoultTraining", targets: ["MoultTraining"]),
    .library(name: "MoultModels", targets: ["MoultModels"]),
    .library(name: "MoultDownloads", targets: ["MoultDownloads"]),
    .library(name: "MoultDigits", targets: ["MoultDigits"]),
    .executable(name: "moult", targets: ["MoultCLI"]),
  ],
  traits: [
    .trait(name: "Images", description: "Reads folders of PNG and JPEG images; needs libpng and libjpeg-turbo.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // MARK: - Kernels and data in C
    .target(name: "CMoultKernels", exclude: ["Templates"], cSettings: cSettings),
    .target(name: "CMoultDigits", exclude: ["Data"]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .yum(["libpng-devel"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .yum(["turbojpeg-devel"]), .brew(["jpeg-turbo"])]),

    // MARK: - Public API
    .target(name: "MoultPlatform", swiftSettings: swiftSettings),
    .target(name: "MoultCore", dependencies: ["CMoultKernels", "MoultPlatform"], swiftSettings: swiftSettings),
    .target(name: "MoultNN", dependencies: ["MoultCore", "MoultPlatform"], swiftSettings: swiftSettings),
    .target(
      name: "MoultFormats",
      dependencies: [
        "MoultCore", "MoultPlatform", "CZlib",
        .target(name: "CPNG", condition: .when(traits: ["Images"])),
        .target(name: "CTurboJPEG", condition: .when(traits: ["Images"])),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "MoultTraining", dependencies: ["MoultFormats", "MoultNN", "MoultCore", "MoultPlatform"],
      swiftSettings: swiftSettings),
    .target(
      name: "MoultModels", dependencies: ["MoultTraining", "MoultFormats", "MoultNN", "MoultCore", "MoultPlatform"],
      swiftSettings: swiftSettings),
    .target(
      name: "Moult", dependencies: ["MoultCore", "MoultNN", "MoultFormats", "MoultTraining", "MoultModels"],
      swiftSettings: swiftSettings),
    .target(
      name: "MoultDownloads", dependencies: ["MoultTraining", "MoultFormats", "MoultCore", "MoultPlatform"],
      swiftSettings: swiftSettings),
    .target(
      name: "MoultDigits", dependencies: ["CMoultDigits", "MoultCore", "MoultTraining"], swiftSettings: swiftSettings),

    // MARK: - The tool
    .target(
      name: "MoultReport",
      dependencies: ["MoultTraining", "MoultFormats", "MoultNN", "MoultCore", "MoultPlatform"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "MoultCLI",
      dependencies: [
        "Moult", "MoultReport", "MoultDigits", "MoultDownloads", "MoultPlatform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // MARK: - Tests
    .target(name: "MoultTestSupport", dependencies: ["MoultCore"], swiftSettings: swiftSettings),
    .testTarget(
      name: "MoultCoreTests", dependencies: ["MoultCore", "CMoultKernels", "MoultPlatform", "MoultTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MoultNNTests", dependencies: ["MoultNN", "MoultCore", "MoultPlatform", "MoultTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MoultTrainingTests",
      dependencies: [
        "Moult", "MoultReport", "MoultDigits", "MoultDownloads", "MoultPlatform", "MoultTestSupport", "CMoultDigits",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MoultCLITests",
      dependencies: ["MoultCLI", "Moult", "MoultReport", "MoultDigits", "MoultPlatform", "MoultTestSupport"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
