using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;
using Mammo.Reports;
using Mammo.Reports.Documents;
using Mammo.Scoring.Localisation;

namespace Mammo.PowerShell.Reports;

/// <summary>What goes into a report beside the measurement.</summary>
/// <param name="Title">Heading; null for one made of the models' names.</param>
/// <param name="Question">What was asked; null when nobody wrote it down.</param>
/// <param name="Models">The models measured.</param>
/// <param name="Overlays">Folder of pictures with heatmaps; null for none.</param>
/// <param name="CaseCount">How many false positives and false negatives are shown.</param>
/// <param name="CountedProperties">Names of the properties whose values are counted, from the first place in the facts.</param>
/// <param name="Localisation">How well lesions were found; null where that was not measured.</param>
internal sealed record ReportParts(
    string? Title, string? Question, IReadOnlyList<MammoModel> Models, string? Overlays, int CaseCount, ImmutableArray<string> CountedProperties,
    MammoLocalisation? Localisation);

/// <summary>Writes a report and its twin.</summary>
internal static class ReportWriter
{
    /// <summary>Writes both files, whole or not at all, replacing those of their names.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(
        string html, string json, MeasurementBuilder builder, MeasurementOptions options, MammoMeasurement whole, ImmutableArray<MammoMeasurement> groups,
        ReportParts parts, ImmutableArray<HistoryCurve> history)
    {
        var content = new ReportContent
        {
            Title = parts.Title ?? Title(whole, parts.Models),
            Question = parts.Question,
            Created = DateTimeOffset.Now,
            PositiveClass = builder.PositiveClass!,
            Result = whole.Evaluation,
            Scores = builder.ToSet(options),
            Data = [.. Data(whole)],
            Counts = [new CountTable("class", builder.ClassCounts()), .. Counts(builder, parts.CountedProperties)],
            Findings = new FindingList(
                whole.Warnings.Concat(groups.SelectMany(group => group.Warnings)).Concat(parts.Localisation?.Warnings ?? FindingList.Empty)),
            Localisation = parts.Localisation?.Result,
            LocalisationFacts = parts.Localisation is { } localisation ? [.. Facts(localisation)] : [],
            Subgroups = [.. groups.Select(group => new Subgroup(group.Group!.Property, group.Group.Value, group.Evaluation))],
            Cases = [.. builder.Worst(parts.CaseCount).Select(item => Case(item.Facts, item.Score, item.IsPositive, parts.Overlays))],
            History = history,
            Models = [.. parts.Models.Select(model => new ReportModel(model.Name, [.. Facts(model)]))],
            Options = [.. Options(whole)],
            Versions = [.. Versions()],
        };
        AtomicFile.Write(html, stream => stream.Write(Encoding.UTF8.GetBytes(HtmlReport.Of(content))));
        AtomicFile.Write(json, stream => stream.Write(Encoding.UTF8.GetBytes(JsonReport.Of(content))));
    }

    private static string Title(MammoMeasurement whole, IReadOnlyList<MammoModel> models)
    {
        var names = models.Count > 0
            ? string.Join(", ", models.Select(model => model.Name))
            : InferenceOptions.Read(whole.Inference).GetValueOrDefault(InferenceOptions.Model);
        return names is null ? "Measurement of predictions" : $"Measurement of {names}";
    }

    private static IEnumerable<Fact> Data(MammoMeasurement whole)
    {
        yield return new Fact("Fingerprint of the images, classes and patients", whole.Fingerprint);
        yield return new Fact("Split hash", whole.SplitHash.Length > 0 ? whole.SplitHash : "not split, or not recorded");
        yield return new Fact("Without a known class, left out", whole.Unlabelled.ToString(CultureInfo.InvariantCulture));
        if (whole.Unscored.Length > 0)
            yield return new Fact("Without a score, left out", whole.Unscored.Length.ToString(CultureInfo.InvariantCulture));
        if (whole.Repeated.Length > 0)
            yield return new Fact("There more than once", whole.Repeated.Length.ToString(CultureInfo.InvariantCulture));
        if (whole.WithoutOutput.Count > 0)
            yield return new Fact("Of classes without an output, left out", whole.WithoutOutput.ToString());
    }

    // A property that no image has would be a table of "not known" alone.
    private static IEnumerable<CountTable> Counts(MeasurementBuilder builder, ImmutableArray<string> properties) => properties
        .Select((name, place) => new CountTable(name, builder.Counts(place)))
        .Where(table => table.Counts.Keys.Any(value => value != "not known"))
        .DistinctBy(table => table.Property.ToUpperInvariant());

    private static ReportCase Case(ImageFacts facts, double score, bool isPositive, string? overlays)
    {
        var name = Path.GetFileName(facts.Id.Replace('\\', '/'));
        var picture = overlays is null ? null : OverlayOf(overlays, name);
        var bytes = picture is null ? default(ReadOnlyMemory<byte>) : Picture(picture);
        return new ReportCase(name.Length > 0 ? name : "an image without a name", facts.Patient, score, isPositive, bytes);
    }

    private static string? OverlayOf(string folder, string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        string[] candidates = [Path.Combine(folder, stem + ".overlay.png"), Path.Combine(folder, stem + ".png")];
        return stem.Length == 0 ? null : Array.Find(candidates, File.Exists);
    }

    private static IEnumerable<Fact> Facts(MammoModel model)
    {
        var card = model.Card;
        (string Name, string? Value)[] facts =
        [
            ("Architecture", card.Architecture ?? model.Graph.Name),
            ("Classes", string.Join(", ", model.Classes)),
            ("Image size", card.ImageSize?.ToString() ?? "any"),
            ("Rescale factor", Text(card.RescaleFactor)),
            ("Target scale", Text(card.TargetScale)),
            ("Feature-wise mean", card.FeaturewiseMean?.ToString()),
            ("Auto-level", card.AutoLevel ? "yes" : null),
            ("Local contrast", card.LocalContrast is { } sigma
                ? string.Create(CultureInfo.InvariantCulture, $"deviation {sigma} pixels{(card.Channels == 2 ? ", and z-score in the breast" : "")}") : null),
            ("Equalised histogram", card.EqualizeHistogram ? "yes" : null),
            ("Parameters", model.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)),
            ("Trained on", card.TrainedOn ?? "not known"),
            ("Training", card.Training is { } training
                ? $"seed {training["seed"]}, {training["epochs"]} epochs, best {training["bestEpoch"]} by {training["bestBy"]}"
                : null),
            ("Calibration", card.Calibration?.ToString()),
            ("Decisions", card.Decision?.ToString()),
            ("Measured before", card.Measurement?.ToString()),
            ("Licence", card.License ?? "not known"),
            ("Weights (SHA-256)", WeightHash.Of(model)[..InferenceOptions.HashDigits]),
            ("Lineage", string.Join("; ", card.Lineage)),
        ];
        return facts.Concat(card.Parts.Select((part, index) => (FormattableString.Invariant($"Part {index + 1}"), (string?)part.ToString())))
            .Where(fact => !string.IsNullOrEmpty(fact.Item2)).Select(fact => new Fact(fact.Item1, fact.Item2!));
    }

    private static IEnumerable<Fact> Facts(MammoLocalisation localisation)
    {
        yield return new Fact("Model", localisation.Model);
        yield return new Fact("Value of a mark", $"local peak of the heatmap, {string.Join(" + ", localisation.Classes)}");
        yield return new Fact("Lesions that count", localisation.Lesion == LesionKind.All ? "all" : "malignant ones");
        yield return new Fact(
            "A mark hits a lesion", localisation.Tolerance > 0 ? $"up to {Text(localisation.Tolerance)} pixels from its ROI" : "inside its ROI");
        yield return new Fact("Marks", localisation.Marks.ToString(CultureInfo.InvariantCulture));
        yield return new Fact("Left out, lesions not known", localisation.LeftOut.ToString(CultureInfo.InvariantCulture));
        yield return new Fact("Split hash", localisation.SplitHash.Length > 0 ? localisation.SplitHash : "not split, or not recorded");
        yield return new Fact("How heatmaps were made", localisation.Inference.Length > 0 ? localisation.Inference : "not recorded");
        yield return new Fact("Bootstrap replicates", localisation.Options.Bootstrap.ToString(CultureInfo.InvariantCulture));
    }

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static IEnumerable<Fact> Options(MammoMeasurement whole)
    {
        if (whole.Aggregate is { } aggregate)
            yield return new Fact("Images put together by", aggregate.ToString());
        if (whole.Inference.Length == 0 || whole.Inference.Contains(" | ", StringComparison.Ordinal))
        {
            yield return new Fact("How images were scored", whole.Inference.Length == 0 ? "not recorded" : whole.Inference);
            yield break;
        }

        foreach (var (name, value) in InferenceOptions.Read(whole.Inference))
            yield return new Fact(name, value);
    }

    private static IEnumerable<Fact> Versions()
    {
        var assembly = typeof(ReportWriter).Assembly;
        yield return new Fact("Mammo", assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "not known");
        yield return new Fact(".NET", RuntimeInformation.FrameworkDescription);
        yield return new Fact("System", RuntimeInformation.RuntimeIdentifier);
    }

    private static byte[] Picture(string path)
    {
        using var stream = InputFile.Open(path);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
