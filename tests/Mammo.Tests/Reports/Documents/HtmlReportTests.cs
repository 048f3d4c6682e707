using System.Text.RegularExpressions;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Reports;
using Mammo.Reports.Documents;
using Mammo.Tests.Data;

namespace Mammo.Tests.Reports.Documents;

public sealed partial class HtmlReportTests
{
    private static readonly string[] Void = ["meta", "img", "link", "br", "rect", "path", "circle"];

    [Fact]
    public void It_is_one_file_that_asks_for_nothing_and_runs_nothing()
    {
        var page = HtmlReport.Of(Samples.Full());
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(Links().Matches(page), link => Assert.Matches("^(#|data:)", link.Groups[1].Value));
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.Contains("Research use only", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_from_outside_stay_text()
    {
        var page = HtmlReport.Of(Samples.Full());
        Assert.DoesNotContain("<img src=http", page, StringComparison.Ordinal);
        Assert.Contains("A title &lt;img", page, StringComparison.Ordinal);
        Balanced(page);
    }

    [Fact]
    public void Every_section_is_reached_and_named_and_every_id_is_used_once()
    {
        var page = HtmlReport.Of(Samples.Full());
        string[] ids = [.. Ids().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(Links().Matches(page).Select(link => link.Groups[1].Value).Where(link => link.StartsWith('#')), link => Assert.Contains(link[1..], ids));
        Assert.All(Labels().Matches(page).SelectMany(match => match.Groups[1].Value.Split(' ')), id => Assert.Contains(id, ids));
        string[] sections =
        [
            "summary", "data", "discrimination", "operating-points", "calibration", "decisions", "localisation", "subgroups", "cases", "training", "models",
            "run", "checklists",
        ];
        Assert.All(sections, id => Assert.Contains($"<section id=\"{id}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_undefined_is_stated_and_what_is_missing_left_out()
    {
        var page = HtmlReport.Of(Samples.Bare());
        Assert.Contains("AUC undefined (there are no negative samples)", page, StringComparison.Ordinal);
        Assert.Contains("What was asked is not recorded.", page, StringComparison.Ordinal);
        Assert.Contains("not known: intervals are by image", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"subgroups\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Balanced(page);
    }

    [Fact]
    public void An_interval_that_is_undefined_is_stated_once_and_not_in_a_legend()
    {
        var content = Samples.Bare();
        var few = Evaluator.Evaluate(ScoredSet.Of([0.1, 0.4, 0.3], [false, true, false]), cancellation: TestContext.Current.CancellationToken);
        var page = HtmlReport.Of(content with { Result = few, Subgroups = [new Subgroup("view", "CC", few)] });
        Assert.Contains("<strong>AUC 1.000</strong></p><p>Interval: undefined (", page, StringComparison.Ordinal);
        Assert.Contains("<td>1.000 (interval undefined: ", page, StringComparison.Ordinal);
        Assert.Contains(">AUC 1.000</text>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_same_in_every_culture()
    {
        var content = Samples.Full();
        var page = HtmlReport.Of(content);
        var json = JsonReport.Of(content);
        Culture.German(() =>
        {
            Assert.Equal(page, HtmlReport.Of(content));
            Assert.Equal(json, JsonReport.Of(content));
        });
    }

    [Fact]
    public void Checklists_are_complete_and_say_what_the_run_knows()
    {
        var content = Samples.Full();
        var items = Checklist.Of(content);
        Assert.Equal((42, 52), (items.Count(item => item.List == "CLAIM 2020"), items.Count(item => item.List == "TRIPOD+AI 2024")));
        Assert.Equal("Split hash: abc", items.Single(item => item is { List: "CLAIM 2020", Number: "20" }).Answer);
        var auc = FormattableString.Invariant($"AUC {content.Result[Statistic.Auc].Value:0.000}");
        Assert.StartsWith(auc, items.Single(item => item.Number == "23a").Answer, StringComparison.Ordinal);
        Assert.Null(items.Single(item => item is { List: "CLAIM 2020", Number: "42" }).Answer);
        Assert.Null(Checklist.Of(Samples.Bare()).Single(item => item is { List: "CLAIM 2020", Number: "20" }).Answer);
    }

    /// <summary>Every element that is opened is closed, in order.</summary>
    private static void Balanced(string page)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Styles().Replace(page, "")))
        {
            var name = tag.Groups[2].Value;
            if (Void.Contains(name))
                continue;
            if (tag.Groups[1].Value == "/")
                Assert.Equal(open.Pop(), name);
            else
                open.Push(name);
        }

        Assert.Empty(open);
    }

    [GeneratedRegex("\\s(?:src|href|action|data|poster)=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("\\sid=\"([^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("aria-labelledby=\"([^\"]*)\"")]
    private static partial Regex Labels();

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Styles();
}
