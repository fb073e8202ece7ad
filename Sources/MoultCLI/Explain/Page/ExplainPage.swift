import Moult
import MoultReport

/// An HTML page with all chapters. It needs no network and no other file.
struct ExplainPage {
  /// The page as HTML that is also well-formed XML.
  let text: String

  init(_ lesson: Lesson) throws(MoultError) {
    var sections = ""
    for number in 1...Lesson.chapterCount {
      let chapter = try lesson.chapter(number)
      sections += """
        <section id="chapter-\(number)"><h2>\(number). \(chapter.title.escapedAsMarkup())</h2>
        <p>\(chapter.introduction.escapedAsMarkup())</p>
        \(chapter.figure)
        \(chapter.findings.map { "<p>\($0.escapedAsMarkup())</p>" }.joined(separator: "\n"))
        </section>

        """
    }
    let settings = lesson.settings
    let commands = NextStep.commands.map { "<li><code>\($0.escapedAsMarkup())</code></li>" }.joined()
    text = """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>What dropout does</title><style>\(Self.style)</style></head>
      <body><main>
      <h1>What dropout does</h1>
      <p>Every figure on this page was computed when it was written, by <code>\(settings.command.escapedAsMarkup()) --html explain.html</code>; the same \
      command gives the same page.</p>
      \(sections)<section><h2>What to try next</h2><ul>\(commands)</ul></section>
      </main><script>\(Self.script)</script></body>
      </html>

      """
  }
}
