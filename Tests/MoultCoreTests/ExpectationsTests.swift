import MoultTestSupport
import Testing

/// The expectations that all other tests use: each records an issue when it does not hold, and none when it does.
@Suite struct ExpectationsTests {
  @Test func whatHoldsRecordsNothing() throws {
    expectEqual([1, 2], [1, 2])
    expectNotEqual("a", "b")
    expectLess(1, 2)
    expectAtMost(2, 2)
    expectGreater(2.5, 2)
    expectAtLeast(2, 2)
    expectNil(nil as Int?)
    expectTrue(true)
    #expect(try unwrapped(3 as Int?) == 3)
  }

  @Test(arguments: 0..<12) func whatDoesNotHoldIsRecorded(index: Int) {
    withKnownIssue {
      switch index {
      case 0: expectEqual(1, 2)
      case 1: expectEqual(Double.nan, .nan)
      case 2: expectNotEqual("a", "a")
      case 3: expectLess(2, 2)
      case 4: expectLess(Double.nan, 1)
      case 5: expectAtMost(3, 2)
      case 6: expectGreater(2, 2)
      case 7: expectAtLeast(1, 2)
      case 8: expectAtLeast(Double.nan, 1)
      case 9: expectNil(0 as Int?)
      case 10: expectTrue(false)
      default: _ = try? unwrapped(nil as Int?)
      }
    }
  }

  @Test func whatIsNotThereThrows() {
    withKnownIssue { expectNil(#expect(throws: (any Error).self) { try unwrapped(nil as Int?) } == nil ? 0 : nil) }
  }

  @Test func theMessageHasTheValuesTheCommentAndThePlace() {
    let line = #line + 2
    withKnownIssue {
      expectEqual(1 + 1, 3, "sum")
    } matching: { issue in
      issue.comments.map(\.rawValue) == ["expected 3, got 2: sum"]
        && issue.sourceLocation?.fileID == "MoultCoreTests/ExpectationsTests.swift"
        && issue.sourceLocation?.line == line
    }
  }
}
