import MoultCore
import Testing

import MoultModels
import MoultTraining
import MoultTestSupport

@Suite struct TableSplitTests {
  @Test func theSharesAreKeptInAllAndInEachClass() {
    let groups: [Int?] = (0..<1000).map { $0 % 10 == 0 ? 1 : 0 }
    let split = TableSplit(groups: groups, validationFraction: 0.15, testFraction: 0.2, seed: 3)
    expectTrue(split.count(of: .test) == 200 && split.count(of: .validation) == 150 && split.count(of: .train) == 650)
    let small = zip(groups, split.parts).filter { $0.0 == 1 }.map(\.1)
    expectTrue(small.count { $0 == .test } == 20 && small.count { $0 == .validation } == 15)
  }

  @Test(arguments: [2, 3, 5]) func smallClassesMakeUpForEachOther(size: Int) {
    let groups: [Int?] = (0..<600).map { $0 / size }
    let split = TableSplit(groups: groups, validationFraction: 0.15, testFraction: 0.15, seed: 1)
    expectTrue(split.count(of: .test) == 90 && split.count(of: .validation) == 90)
    let learned = Set(zip(groups, split.parts).filter { $0.1 == .train }.map(\.0))
    expectEqual(learned.count, 600 / size)
  }

  @Test func aLargeClassDoesNotGiveForTheSmall() {
    let groups: [Int?] = (0..<200).map { $0 } + Array(repeating: 200, count: 100)
    let split = TableSplit(groups: groups, validationFraction: 0.15, testFraction: 0.15, seed: 1)
    expectTrue(split.count(of: .test) == 15 && split.count(of: .validation) == 15)
  }

  @Test func theSeedDecides() {
    let groups = [Int?](repeating: 0, count: 100)
    func split(_ seed: UInt64) -> TableSplit {
      TableSplit(groups: groups, validationFraction: 0.2, testFraction: 0.2, seed: seed)
    }
    expectEqual(split(1), split(1))
    expectNotEqual(split(1), split(2))
  }

  @Test func rowsWithoutTargetAreLeftOut() {
    let split = TableSplit(groups: [0, nil, 0, 0, nil, 0, 0], validationFraction: 0.2, testFraction: 0.2, seed: 0)
    expectTrue(split.parts[1] == nil && split.parts[4] == nil && split.leftOutCount == 2)
    expectTrue(TableSplit.Part.allCases.allSatisfy { split.count(of: $0) > 0 })
  }

  @Test func aClassOfOneRowIsLearnedFrom() {
    for seed in 0..<20 as Range<UInt64> {
      let split = TableSplit(groups: [0, 0, 0, 0, 1], validationFraction: 0.4, testFraction: 0.4, seed: seed)
      expectEqual(split.parts[4], .train)
    }
  }

  @Test func aColumnSaysItToo() throws {
    let words = ["Train", "validation", "test", "train"].enumerated().map { (text: $0.element, line: $0.offset + 2) }
    let split = try TableSplit(words: words, groups: [0, 0, 0, nil], column: "part", location: "x")
    expectEqual(split.parts, [.train, .validation, .test, nil])
    let error = try moultError {
      _ = try TableSplit(words: words + [("dev", 6)], groups: [0, 0, 0, 0, 0], column: "part", location: "x")
    }
    expectEqual(
      error.description,
      "x: line 6: part: expected train, validation or test, got 'dev'; write one of them, or split by fractions")
  }
}
