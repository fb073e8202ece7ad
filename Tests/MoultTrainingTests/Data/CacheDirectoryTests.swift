import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct CacheDirectoryTests {
  private func path(_ variables: [String: String]) throws -> String {
    try CacheDirectory.path(environment: { variables[$0] })
  }

  @Test func theVariablesAreAskedInOrder() throws {
    let all = ["MOULT_CACHE": "/m", "XDG_CACHE_HOME": "/x", "HOME": "/h"]
    try expectEqual(path(all), "/m")
    try expectEqual(path(all.filter { $0.key != "MOULT_CACHE" }), "/x/moult")
    try expectEqual(path(["HOME": "/h"]), "/h/.cache/moult")
  }

  @Test func emptyAndRelativeOnesDoNotCount() throws {
    try expectEqual(path(["MOULT_CACHE": "", "XDG_CACHE_HOME": "relative", "HOME": "/h"]), "/h/.cache/moult")
  }

  @Test func withoutAHomeItSaysWhatToSet() throws {
    let error = try moultError { _ = try path([:]) }
    expectTrue(error.message.contains("set MOULT_CACHE"))
    expectEqual(error.exitCode, 74)
  }

  @Test func foldersAreMadeWithThoseAbove() throws {
    try withTemporaryFolder { folder in
      try CacheDirectory.make(folder + "/a/b//c/")
      try CacheDirectory.make(folder + "/a/b/c")
      let made = try names(in: folder + "/a/b")
      expectEqual(made, ["c"])
    }
  }
}
