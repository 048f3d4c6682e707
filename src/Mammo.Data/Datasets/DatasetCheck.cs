using Mammo.Data.Images;
using Mammo.Data.Loading;

namespace Mammo.Data.Datasets;

/// <summary>Looks for what makes training or testing on datasets worthless, before hours are spent on it.</summary>
public sealed record DatasetCheck
{
    private const int EnoughForMean = 8;

    /// <summary>How the model wants its images: scale, mean and size. Unset looks at the stored values and compares no mean.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>Images read at the same time.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each image with the number of images done; on the caller's thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Ends the check with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Reads every image of one or more sets (training, validation, test) and compares them.</summary>
    public DatasetReport Run(IReadOnlyList<MammoDataset> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var examiner = new ImageExaminer(Preparation ?? new Preparation { TargetScale = 255 });
        var facts = new List<ImageFacts>[sets.Count];
        var done = 0;
        for (var i = 0; i < facts.Length; i++)
        {
            facts[i] = [];
            // Far ahead, for results hold no pixels and one slow image is not to stop the other workers.
            foreach (var result in sets[i].Images.LoadOrdered((image, _) => examiner.Examine(image), Workers, 16 * Workers, CancellationToken))
            {
                facts[i].Add(result.ValueOrThrow());
                Progress?.Invoke(++done);
            }
        }

        DatasetSummary[] summaries = [.. sets.Zip(facts, Summary)];
        return new DatasetReport([.. summaries],
        [
            .. SharedPatients(sets),
            .. SharedContent(sets, facts),
            .. sets.Zip(summaries).SelectMany(pair => OfSet(pair.First, pair.Second)),
            .. facts.SelectMany(set => set).SelectMany(fact => fact.Findings),
        ]);
    }

    private static DatasetSummary Summary(MammoDataset set, List<ImageFacts> facts)
    {
        PixelFacts[] pixels = [.. facts.Select(fact => fact.Pixels).OfType<PixelFacts>()];
        return new DatasetSummary(set.Name, set.Count)
        {
            Unreadable = facts.Count - pixels.Length,
            Patients = set.Images.Select(image => image.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count(),
            Classes = new CountTable(set.Classes.Distinct().Select(name => KeyValuePair.Create(name, set.Images.Count(image => image.Class == name)))),
            BitDepths = CountTable.ByBitDepth(pixels.GroupBy(item => item.BitDepth).Select(group => (group.Key, group.Count()))),
            Sizes = [.. pixels.GroupBy(item => item.Size).OrderByDescending(group => group.Count()).Select(group => group.Key)],
            Rois = set.Images.Sum(image => image.Rois.Length),
            LowestMaximum = pixels.Select(item => item.Maximum).DefaultIfEmpty(double.NaN).Min(),
            HighestMaximum = pixels.Select(item => item.Maximum).DefaultIfEmpty(double.NaN).Max(),
            Mean = pixels.Select(item => item.Mean).DefaultIfEmpty(double.NaN).Average(),
        };
    }

    private static IEnumerable<DatasetFinding> SharedPatients(IReadOnlyList<MammoDataset> sets) => sets
        .SelectMany((set, i) => set.Images.Where(image => image.Patient is not null).Select(image => (Patient: image.Patient!, Set: i)))
        .Distinct()
        .GroupBy(pair => pair.Patient, pair => pair.Set, StringComparer.Ordinal)
        .Where(patient => patient.Count() > 1)
        .OrderBy(patient => patient.Key, StringComparer.Ordinal)
        .Select(patient => (patient.Key, Names: string.Join(" and in ", patient.Select(i => sets[i].Name))))
        .Select(patient => new DatasetFinding(ErrorIds.DataLeakage, $"Patient {patient.Key} is in {patient.Names}.") { Patient = patient.Key });

    private static IEnumerable<DatasetFinding> SharedContent(IReadOnlyList<MammoDataset> sets, List<ImageFacts>[] facts)
    {
        var same = facts.SelectMany((set, i) => set.Where(fact => fact.Pixels is not null).Select(fact => (fact.Image, Set: i, fact.Pixels!.Hash)))
            .GroupBy(item => item.Hash).Where(group => group.Count() > 1);
        foreach (var group in same)
        {
            var names = string.Join(", ", group.Select(item => $"'{item.Image.Path}' ({sets[item.Set].Name})"));
            var (first, isLeak) = (group.First().Image, group.Select(item => item.Set).Distinct().Count() > 1);
            yield return new DatasetFinding(isLeak ? ErrorIds.DataLeakage : ErrorIds.ImageTwice, $"These files hold the same image: {names}.")
            {
                Path = first.Path,
                Patient = first.Patient,
            };
            if (group.Select(item => item.Image.Class).Distinct().Count() > 1)
                yield return new DatasetFinding(ErrorIds.RowsContradict, $"The same image has different classes: {names}.")
                {
                    Path = first.Path,
                    Patient = first.Patient,
                };
        }
    }

    private IEnumerable<DatasetFinding> OfSet(MammoDataset set, DatasetSummary summary)
    {
        foreach (var (name, _) in summary.Classes.Where(pair => pair.Value == 0))
            yield return new DatasetFinding(ErrorIds.ClassEmpty, $"The set {set.Name} has no image of class {name}.");
        if (set.Images.Count(image => image.Label is null) is > 0 and var unlabelled)
            yield return new DatasetFinding(ErrorIds.DatasetInvalid, $"{unlabelled} images of {set.Name} have no class.");
        if (set.Images.Count(image => image.Patient is null) is > 0 and var unknown)
            yield return new DatasetFinding(
                ErrorIds.PatientMissing, $"{unknown} images of {set.Name} have no patient: whether sets share patients cannot be told for them.");
        if (summary.BitDepths.Count > 1)
        {
            var depths = string.Join(" and ", summary.BitDepths.Select(pair => $"{pair.Key} bits ({pair.Value})"));
            yield return new DatasetFinding(ErrorIds.BitDepthMixed, $"The set {set.Name} has images of {depths}: one rescale factor cannot fit both.");
        }

        var isEnough = set.Count - summary.Unreadable >= EnoughForMean;
        if (isEnough && Preparation?.FeaturewiseMean is { } mean && Math.Abs(summary.Mean - mean) > Math.Max(15, 0.4 * mean))
        {
            var means = FormattableString.Invariant($"have a mean of {summary.Mean:0.0} after scaling; the model subtracts {mean:0.0}");
            yield return new DatasetFinding(ErrorIds.MeanFarFromData, $"The images of {set.Name} {means}.");
        }
    }
}
