/// Returns the least number of characters to insert, delete or replace so that a pattern matches a name, where each `*`
/// stands for any characters: 0 if it matches.
///
/// - Complexity: O(*n* · *m*) in the lengths.
func namePattern(_ pattern: String, distanceTo name: String) -> Int {
  let name = Array(name)
  // Distances from the pattern so far to each beginning of the name.
  var row = Array(0...name.count)
  for wanted in pattern {
    var next = [wanted == "*" ? row[0] : row[0] + 1]
    for (place, character) in name.enumerated() {
      next.append(
        wanted == "*"
          ? min(next[place], row[place + 1])
          : min(row[place] + (wanted == character ? 0 : 1), row[place + 1] + 1, next[place] + 1))
    }
    row = next
  }
  return row[name.count]
}
