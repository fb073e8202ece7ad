/// Returns at most four of `names` that are similar to a mistyped `name`, the most similar first.
private func nearNames(_ name: String, among names: [String]) -> [String] {
  let wanted = name.lowercased().replacing("_", with: "-"), listed = 4
  let near = names.compactMap { candidate -> (name: String, distance: Int)? in
    let lowercased = candidate.lowercased(), distance = editDistance(wanted, lowercased)
    let sharesAWord = wanted.count > 2 && (lowercased.contains(wanted) || wanted.contains(lowercased))
    return distance <= max(2, candidate.count / 3) || sharesAWord ? (candidate, distance) : nil
  }
  return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(listed).map(\.name)
}

/// Returns a message part with the names similar to an unknown one, `near it: a, b; `; empty if there are none.
package func nearHint(_ name: String, among names: [String]) -> String {
  let near = nearNames(name, among: names)
  return near.isEmpty ? "" : "near it: \(near.joined(separator: ", ")); "
}

/// Returns the edit distance: the number of insertions, deletions and substitutions of characters that turn one text
/// into the other (Levenshtein 1966).
///
/// - Complexity: O(length of `a` · length of `b`).
private func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, character) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (character == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
