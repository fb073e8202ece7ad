/// Names that a slip of the keyboard or of memory may have meant, the nearest first, four at most.
private func nearNames(_ name: String, among names: [String]) -> [String] {
  let wanted = name.lowercased().replacing("_", with: "-"), listed = 4
  let near = names.compactMap { candidate -> (name: String, distance: Int)? in
    let lowercased = candidate.lowercased(), distance = editDistance(wanted, lowercased)
    let sharesAWord = wanted.count > 2 && (lowercased.contains(wanted) || wanted.contains(lowercased))
    return distance <= max(2, candidate.count / 3) || sharesAWord ? (candidate, distance) : nil
  }
  return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(listed).map(\.name)
}

/// The part of a message that tells of names near to one that there is not: `near it: a, b; `, or nothing.
package func nearHint(_ name: String, among names: [String]) -> String {
  let near = nearNames(name, among: names)
  return near.isEmpty ? "" : "near it: \(near.joined(separator: ", ")); "
}

/// How many characters must be put in, taken out or changed to make one text the other (Levenshtein 1966).
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
