using System.Collections.Frozen;
using System.Globalization;
using Mammo.Evaluation;

namespace Mammo.Reports.Documents;

/// <summary>An item of a checklist for studies.</summary>
/// <param name="List">
/// The checklist: CLAIM (Mongan, Moy and Kahn, Radiology: Artificial Intelligence 2:e200029, 2020) or TRIPOD+AI (Collins and others, BMJ 385:e078378,
/// 2024).
/// </param>
/// <param name="Number">Its number there.</param>
/// <param name="Subject">What it is about, in short.</param>
/// <param name="Answer">What the run knows about it; null when that is for a person to write.</param>
public sealed record ChecklistItem(string List, string Number, string Subject, string? Answer);

/// <summary>Fills in what a run knows.</summary>
public static class Checklist
{
    /// <summary>All items of both checklists in their order.</summary>
    public static IReadOnlyList<ChecklistItem> Of(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var answers = Answers(content);
        return
        [
            .. Resources.Checklists.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimEnd('\r').Split('\t'))
                .Select(cells => new ChecklistItem(cells[0], cells[1], cells[2], answers.GetValueOrDefault($"{cells[0].Split(' ')[0]} {cells[1]}"))),
        ];
    }

    private static FrozenDictionary<string, string> Answers(ReportContent content)
    {
        var result = content.Result;
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(content.Question, "CLAIM 4", "TRIPOD+AI 4");
        Add(Facts(content.Data), "CLAIM 7", "TRIPOD+AI 5a");
        Add(Split(), "CLAIM 20", "CLAIM 21", "TRIPOD+AI 12a");
        Add(Joined(content.Models.Select(model => model.Name), ": see Models"), "CLAIM 22", "TRIPOD+AI 12c", "TRIPOD+AI 22");
        Add(Facts(content.Versions), "CLAIM 23");
        Add(content.Models.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"mean of {content.Models.Length} models") : null, "CLAIM 27");
        Add(Facts(content.Options), "CLAIM 9", "TRIPOD+AI 12g");
        Add("see Statistics with their 95% intervals", "CLAIM 28", "TRIPOD+AI 12e");
        Add(Uncertainty(), "CLAIM 29", "CLAIM 36");
        Add(string.Create(CultureInfo.InvariantCulture, $"AUC {Words.Of(result[Statistic.Auc])}"), "CLAIM 35", "TRIPOD+AI 23a");
        Add(content.Subgroups.Length > 0 ? "see Subgroups" : null, "CLAIM 30", "TRIPOD+AI 14", "TRIPOD+AI 23b");
        Add(content.Cases.Length > 0 ? "see Failures" : null, "CLAIM 37");
        Add(content.Localisation is not null ? "heatmaps against lesions: see Localisation" : null, "CLAIM 31");
        Add(Numbers(), "CLAIM 19", "TRIPOD+AI 10", "TRIPOD+AI 21");
        Add(Joined(content.Counts.Select(table => $"{table.Property}: {table.Counts}")), "CLAIM 34", "TRIPOD+AI 20b");
        var share = (100.0 * result.Positives / Math.Max(1, result.Count)).ToString("0.#", CultureInfo.InvariantCulture);
        Add($"{share}% positive; no resampling of the samples measured", "TRIPOD+AI 13");
        Add("probability of the positive class; thresholds under Operating points", "TRIPOD+AI 15");
        return answers.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string? answer, params string[] items)
        {
            if (answer is null)
                return;
            foreach (var item in items)
                answers.Add(item, answer);
        }

        string? Split() => Facts(content.Data.Where(fact => fact.Name.Contains("split", StringComparison.OrdinalIgnoreCase)));

        string Uncertainty()
        {
            var bootstrap = result.Options.Bootstrap > 0
                ? string.Create(CultureInfo.InvariantCulture, $"; bootstrap with {result.Options.Bootstrap} replicates, seed {result.Options.Seed}")
                : "";
            return (result.Patients is null ? "95% intervals by image: patients are not known" : "95% intervals by patient") + bootstrap;
        }

        string Numbers()
        {
            var patients = result.Patients?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of";
            return FormattableString.Invariant($"{result.Images} images, {patients} patients, {result.Positives} of {result.Count} samples positive");
        }
    }

    private static string? Facts(IEnumerable<Fact> facts) => Joined(facts.Select(fact => $"{fact.Name}: {fact.Value}"));

    private static string? Joined(IEnumerable<string> parts, string end = "") => string.Join("; ", parts) is { Length: > 0 } text ? text + end : null;
}
