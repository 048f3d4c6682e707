using System.Net;
using System.Text;

namespace Mammo.Reports.Documents;

/// <summary>Writes HTML; every text is encoded here and nowhere else.</summary>
internal sealed class Html
{
    // Longer values have a line of their own: in a narrow column they would be a tower beside empty ones.
    private const int WideFrom = 40;

    private readonly StringBuilder _text = new();

    /// <summary>Markup as it is.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>An element with a text.</summary>
    /// <param name="tag">Its name, with attributes that need no encoding: <c>p class="note"</c>.</param>
    /// <param name="text">The text.</param>
    public Html Element(string tag, string text) => Raw($"<{tag}>{Encode(text)}</{tag.Split(' ')[0]}>");

    /// <summary>A table that a narrow screen can scroll; the first column names its row.</summary>
    public Html Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        // Focusable, so that it can be scrolled with keys.
        Raw($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{Encode(caption)}\"><table>").Element("caption", caption).Raw("<thead><tr>");
        foreach (var head in heads)
            Element("th scope=\"col\"", head);
        Raw("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Raw("<tr>").Element("th scope=\"row\"", row[0]);
            foreach (var cell in row.Skip(1))
                Element("td", cell);
            Raw("</tr>");
        }

        return Raw("</tbody></table></div>");
    }

    /// <summary>Names with their values.</summary>
    public Html Facts(IEnumerable<Fact> facts)
    {
        Raw("<dl>");
        foreach (var fact in facts)
            Raw(fact.Value.Length < WideFrom ? "<div>" : "<div class=\"wide\">").Element("dt", fact.Name).Element("dd", fact.Value).Raw("</div>");
        return Raw("</dl>");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A text for markup and quoted attributes.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
