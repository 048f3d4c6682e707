using System.Globalization;
using System.Text;
using Mammo.Evaluation;
using Mammo.Reports.Plots;

namespace Mammo.Reports.Documents;

/// <summary>
/// A report as one HTML file: no script, nothing from the network (its own policy forbids both), pictures and numbers inside. Readable on a phone and on
/// paper, in light and dark, with a keyboard and a screen reader.
/// </summary>
public static class HtmlReport
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    /// <summary>Writes a report.</summary>
    public static string Of(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        (string Id, string Title, Action<Html, ReportContent> Write)[] sections =
        [
            ("summary", "Summary", Summary),
            ("data", "Data", Data),
            ("discrimination", "Discrimination", Discrimination),
            ("operating-points", "Operating points", OperatingPoints),
            ("calibration", "Calibration", Calibration),
            ("decisions", "Usefulness", Decisions),
            .. If(content.Localisation is not null, "localisation", "Localisation", Localisation),
            .. If(content.Subgroups.Length > 0, "subgroups", "Subgroups", Subgroups),
            .. If(content.Cases.Length > 0, "cases", "Failures", Cases),
            .. If(content.History.Length > 0, "training", "Training", Training),
            .. If(content.Models.Length > 0, "models", "Models", Models),
            ("run", "How it was computed", Run),
            ("checklists", "Checklists", Checklists),
        ];
        var page = new Html();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n<meta name=\"robots\" content=\"noindex\">\n")
            .Element("title", content.Title)
            .Raw($"\n<style>\n{Resources.ReportStyle}{Resources.PlotStyle}</style>\n</head>\n<body>\n")
            .Raw("<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n<header>\n")
            .Element("h1", content.Title)
            .Element("p class=\"warning\"", "Research use only. Not a medical device; not for decisions about patients.")
            .Raw("</header>\n<nav aria-label=\"Sections\"><ul>");
        foreach (var (id, title, _) in sections)
            page.Raw("<li>").Element($"a href=\"#{id}\"", title).Raw("</li>");
        page.Raw("</ul></nav>\n<main>\n");
        foreach (var (id, title, write) in sections)
        {
            page.Raw($"<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n").Element($"h2 id=\"{id}-h\"", title);
            write(page, content);
            page.Raw("\n</section>\n");
        }

        page.Raw("</main>\n<footer>").Element("p", $"Made by Mammo on {Date(content)}. Research use only.").Raw("</footer>\n</body>\n</html>\n");
        return page.ToString();

        static (string, string, Action<Html, ReportContent>)[] If(bool there, string id, string title, Action<Html, ReportContent> write) =>
            there ? [(id, title, write)] : [];
    }

    private static string Date(ReportContent content) => content.Created.ToString("yyyy-MM-dd HH:mm 'UTC'zzz", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static void Summary(Html page, ReportContent content)
    {
        var result = content.Result;
        page.Element("p class=\"question\"", content.Question ?? "What was asked is not recorded.");
        page.Raw("<p class=\"headline\">").Element("strong", $"AUC {Words.Of(result[Statistic.Auc])}").Raw("</p>");
        if (result[Statistic.Auc].Preferred is { } interval)
            page.Element("p", $"Interval: {Words.Of(interval.Method)}.");
        else if (result[Statistic.Auc].Intervals is [{ Undefined: { } reason }, ..])
            page.Element("p", $"Interval: undefined ({reason}).");
        List<Fact> facts =
        [
            new("Unit", result.Unit.ToString().ToLowerInvariant()),
            new("Samples", Number(result.Count)),
            new($"Positive ({content.PositiveClass})", Number(result.Positives)),
            new("Images", Number(result.Images)),
            new("Breasts", result.Breasts is { } breasts ? Number(breasts) : "not known"),
            new("Patients", result.Patients is { } patients ? Number(patients) : "not known: intervals are by image"),
        ];
        page.Facts(facts);
        Findings(page, content);
    }

    private static void Findings(Html page, ReportContent content)
    {
        if (content.Findings.Count == 0)
            return;
        page.Element("h3", "Noticed").Raw("<ul class=\"findings\">");
        foreach (var finding in content.Findings)
            page.Element("li", finding.ToString());
        page.Raw("</ul>");
    }

    private static void Data(Html page, ReportContent content)
    {
        page.Facts(content.Data.Length > 0 ? content.Data : [new Fact("Fingerprint and split", "not recorded")]);
        page.Raw("<div class=\"tables\">");
        foreach (var table in content.Counts)
        {
            var rows = table.Counts.Select(pair => (IReadOnlyList<string>)[pair.Key, Number(pair.Value)]);
            page.Table($"Images by {table.Property}", [table.Property, "Images"], rows);
        }

        page.Raw("</div>");
        Figure(page, CurvePlots.Histogram(content.Scores, content.PositiveClass));
    }

    private static void Discrimination(Html page, ReportContent content)
    {
        page.Raw("<div class=\"figures\">");
        Figure(page, CurvePlots.Roc(content.Result));
        Figure(page, CurvePlots.PrecisionRecall(content.Result));
        page.Raw("</div>");
        Statistics(page, "Statistics", content.Result.Statistics.InOrder().Select(pair => (Words.Of(pair.Statistic), pair.Estimate)));
    }

    private static void Statistics(Html page, string caption, IEnumerable<(string Name, Estimate Estimate)> statistics)
    {
        (string Name, Estimate Estimate)[] all = [.. statistics];
        string[] heads = ["Statistic", "Value", "95% interval", "Interval by"];
        page.Table(caption, heads, all.Select(item => (IReadOnlyList<string>)(item.Estimate switch
        {
            { Value: null } => [item.Name, $"undefined: {item.Estimate.Undefined}", "", ""],
            { Preferred: { } interval } => [item.Name, Words.Number(item.Estimate.Value.Value), Words.Of(interval), Words.Of(interval.Method)],
            { Intervals: [var interval, ..] } => [item.Name, Words.Number(item.Estimate.Value.Value), Words.Of(interval), Words.Of(interval.Method)],
            _ => [item.Name, Words.Number(item.Estimate.Value.Value), "not computed", ""],
        })));
        var more = all.Where(item => item.Estimate.Intervals.Length > 1).SelectMany(item => item.Estimate.Intervals.Select(interval =>
            (IReadOnlyList<string>)[item.Name, Words.Number(item.Estimate.Value!.Value), Words.Of(interval), Words.Of(interval.Method)])).ToArray();
        if (more.Length > 0)
            page.Raw("<details>").Element("summary", "All intervals").Table($"{caption}, all intervals", heads, more).Raw("</details>");
    }

    private static void OperatingPoints(Html page, ReportContent content)
    {
        page.Element(
            "p",
            "Scores at or above the threshold are flagged. Intervals are Wilson's, by sample, with the threshold as given: where it was chosen on these "
            + "samples, results elsewhere will be worse.");
        page.Table(
            "Thresholds, with 95% intervals",
            ["Chosen by", "Threshold", "Sensitivity", "Specificity", "Positive predictive value", "Negative predictive value", "Flagged"],
            content.Result.OperatingPoints.Select(point => (IReadOnlyList<string>)
            [
                point.Name,
                point.Threshold?.ToString("0.######", CultureInfo.InvariantCulture) ?? $"undefined: {point.Undefined}",
                Words.Short(point.Sensitivity),
                Words.Short(point.Specificity),
                Words.Short(point.PositivePredictiveValue),
                Words.Short(point.NegativePredictiveValue),
                Words.Short(point.FlaggedShare),
            ]));
        if (content.Result.PredictiveValues is not [var first, ..])
            return;
        page.Table(
            $"Predictive values where {Text(100 * first.Prevalence)}% are positive, with 95% intervals",
            ["Chosen by", "Positive predictive value", "Negative predictive value"],
            content.Result.OperatingPoints.Zip(
                content.Result.PredictiveValues,
                (point, values) => (IReadOnlyList<string>)[point.Name, Words.Short(values.Positive), Words.Short(values.Negative)]));
    }

    private static void Calibration(Html page, ReportContent content)
    {
        if (content.Result.Calibration is null)
            page.Element("p", $"Undefined: {content.Result[Statistic.BrierScore].Undefined}.");
        Figure(page, CurvePlots.Calibration(content.Result));
    }

    private static void Decisions(Html page, ReportContent content)
    {
        var plot = CurvePlots.Decision(content.Result);
        if (plot is null)
            page.Element("p", $"Undefined: {content.Result[Statistic.BrierScore].Undefined}.");
        Figure(page, plot);
    }

    private static void Localisation(Html page, ReportContent content)
    {
        var result = content.Localisation!;
        page.Facts(
        [
            new Fact("Images", Number(result.Images)),
            new Fact("Without lesions", Number(result.NormalImages)),
            new Fact("Lesions", Number(result.Lesions)),
            new Fact("Patients", result.Patients is { } patients ? Number(patients) : "not known: intervals are by image"),
            .. content.LocalisationFacts,
        ]);
        Figure(page, CurvePlots.Froc(result));
        Statistics(page, "Localisation of lesions", result.Statistics.InOrder().Select(pair => (Words.Of(pair.Statistic), pair.Estimate)));
    }

    private static void Subgroups(Html page, ReportContent content) => page.Table(
        "AUC of groups, with 95% intervals",
        ["Group", "Samples", "Positive", "Patients", "AUC", "Sensitivity at 90% specificity"],
        content.Subgroups.Select(group => (IReadOnlyList<string>)
        [
            $"{group.Property}: {group.Value}",
            Number(group.Result.Count),
            Number(group.Result.Positives),
            group.Result.Patients is { } patients ? Number(patients) : "not known",
            Words.Short(group.Result[Statistic.Auc]),
            Words.Short(group.Result[Statistic.SensitivityAtSpecificity90]),
        ]));

    private static void Cases(Html page, ReportContent content)
    {
        foreach (var (positive, title) in new[] { (false, "Negatives with the highest scores"), (true, "Positives with the lowest scores") })
        {
            ReportCase[] cases = [.. content.Cases.Where(item => item.Positive == positive)];
            if (cases.Length == 0)
                continue;
            page.Element("h3", title).Raw("<div class=\"cases\">");
            foreach (var item in cases)
            {
                page.Raw("<figure class=\"case\">");
                if (!item.Picture.IsEmpty)
                {
                    var alternative = Html.Encode($"{item.Id} with its heatmap");
                    page.Raw($"<img alt=\"{alternative}\" src=\"data:image/png;base64,{Convert.ToBase64String(item.Picture.Span)}\">");
                }

                var patient = item.Patient is null ? "" : $", patient {item.Patient}";
                page.Element("figcaption", $"{item.Id}{patient}: score {Words.Number(item.Score)}").Raw("</figure>");
            }

            page.Raw("</div>");
        }
    }

    private static void Training(Html page, ReportContent content) => Figure(page, CurvePlots.History(content.History));

    private static void Models(Html page, ReportContent content)
    {
        foreach (var model in content.Models)
            page.Element("h3", model.Name).Facts(model.Facts);
    }

    private static void Run(Html page, ReportContent content)
    {
        var options = content.Result.Options;
        var thresholds = string.Join("; ", options.Thresholds.Select(threshold => $"{threshold.Name} {Text(threshold.Value)}"));
        page.Element("h3", "Options").Facts(
        [
            .. content.Options,
            new Fact("Bootstrap replicates", options.Bootstrap == 0 ? "none" : Number(options.Bootstrap)),
            new Fact("Seed", options.Seed.ToString(CultureInfo.InvariantCulture)),
            new Fact("Prevalence", options.Prevalence is { } prevalence ? Text(prevalence) : "that of the samples"),
            new Fact("Frozen thresholds", thresholds.Length == 0 ? "none" : thresholds),
        ]);
        page.Element("h3", "Versions").Facts(content.Versions.Length > 0 ? content.Versions : [new Fact("Mammo", "not recorded")]);
    }

    private static void Checklists(Html page, ReportContent content)
    {
        page.Element(
            "p",
            "What this run knows of the items of two checklists for studies. The subjects are worded in short here; the checklists themselves say what each "
            + "asks for.");
        foreach (var list in Checklist.Of(content).GroupBy(item => item.List))
        {
            var known = list.Count(item => item.Answer is not null);
            var rows = list.Select(item => (IReadOnlyList<string>)[item.Number, item.Subject, item.Answer ?? "open"]);
            page.Raw("<details>").Element("summary", $"{list.Key}: {known} of {list.Count()} items filled in, {list.Count() - known} open")
                .Table(list.Key, ["Item", "Subject", "Answer"], rows)
                .Raw("</details>");
        }
    }

    private static void Figure(Html page, Plot? plot)
    {
        if (plot is null)
            return;
        page.Raw("<figure>").Element("h3", plot.Title).Raw(SvgWriter.Inline(plot)).Element("figcaption", plot.Description);
        var csv = Convert.ToBase64String(Encoding.UTF8.GetBytes(PlotCsv.Of(plot)));
        page.Raw($"<p class=\"numbers\"><a download=\"{plot.Name}.csv\" href=\"data:text/csv;charset=utf-8;base64,{csv}\">")
            .Raw("Numbers of this figure (CSV)</a></p></figure>");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
