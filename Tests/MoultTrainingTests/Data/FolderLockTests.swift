import Dispatch
import MoultCore
import MoultTraining
import Synchronization
import MoultTestSupport
import Testing

@Suite struct FolderLockTests {
  private static let refusal = MoultError(.usage, "taken")

  @Test func whoDoesNotWaitIsRefusedUntilTheFolderIsFree() throws {
    try withTemporaryFolder { folder in
      let lock = try FolderLock(folder)
      let error = try moultError { _ = try FolderLock(folder, orThrow: Self.refusal) }
      expectTrue(error.message == "taken" && error.exitCode == 64)
      lock.release()
      try FolderLock(folder, orThrow: Self.refusal).release()
    }
  }

  @Test func whoWaitsGetsItOnceItIsFree() throws {
    try withTemporaryFolder { folder in
      let lock = try FolderLock(folder), isReleased = Mutex(false), done = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        if let second = try? FolderLock(folder) {
          expectTrue(isReleased.withLock { $0 })
          second.release()
        }
        done.signal()
      }
      expectEqual(done.wait(timeout: .now() + 0.2), .timedOut)
      isReleased.withLock { $0 = true }
      lock.release()
      expectEqual(done.wait(timeout: .now() + 60), .success)
    }
  }

  @Test func aFolderThatIsNotThereIsSaid() throws {
    try withTemporaryFolder { folder in
      let error = try moultError { _ = try FolderLock(folder + "/none") }
      expectTrue(error.message == "expected a folder that can be written to" && error.location == folder + "/none")
    }
  }
}
