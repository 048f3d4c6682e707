using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Preparations;

namespace Mammo.Data.Examination;

/// <summary>Looks for what makes training or testing on datasets worthless, before hours are spent on it.</summary>
public sealed record DatasetCheck
{
    /// <summary>How the model wants its images: scale, mean and size. Unset looks at the stored values and compares no mean.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

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
        var preparation = Preparation ?? new Preparation { TargetScale = 255 };
        var examiner = new ImageExaminer(preparation, Dicom);
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

        DatasetSummary[] summaries = [.. sets.Zip(facts, (set, found) => Summary(set, found, preparation))];
        return new DatasetReport([.. summaries],
        [
            .. SharedPatients(sets),
            .. SharedContent(sets, facts),
            .. sets.Zip(summaries).SelectMany(pair => OfSet(pair.First, pair.Second)),
            .. facts.SelectMany(set => set).SelectMany(fact => fact.Findings),
        ]);
    }

    private static DatasetSummary Summary(MammoDataset set, List<ImageFacts> facts, Preparation preparation)
    {
        ImageFacts[] read = [.. facts.Where(fact => fact.Film is not null)];
        double[] maxima = [.. read.Select(fact => fact.Film!.Scaled(preparation, fact.Film.Maximum)).DefaultIfEmpty(double.NaN)];
        return new DatasetSummary(set.Name, set.Count)
        {
            Unreadable = facts.Count - read.Length,
            Patients = set.Images.Select(image => image.Patient).OfType<string>().Distinct(PatientIds.Comparer).Count(),
            Classes = NamedTable.Of<int>([.. set.Classes], [.. set.ClassCounts]),
            VoiUsed = new NamedTable<int>(
                read.Select(fact => fact.Film!.VoiUsed).OfType<string>().CountBy(voi => voi).OrderBy(pair => pair.Key, StringComparer.Ordinal)),
            BitDepths = NamedTable.ByBitDepth(read.GroupBy(fact => fact.Film!.BitDepth).Select(group => (group.Key, group.Count()))),
            Sizes = [.. read.GroupBy(fact => fact.Film!.Size).OrderByDescending(group => group.Count()).Select(group => group.Key)],
            Rois = set.Images.Sum(image => image.Rois.Length),
            LowestMaximum = maxima.Min(),
            HighestMaximum = maxima.Max(),
            Mean = read.Select(fact => fact.ScaledMean).DefaultIfEmpty(double.NaN).Average(),
        };
    }

    private static IEnumerable<Finding> SharedPatients(IReadOnlyList<MammoDataset> sets) => Leakage.Patients(sets)
        .Select(shared => new Finding(
            ErrorIds.DataLeakage,
            $"Patient {shared.Patient} is in {string.Join(" and in ", shared.Sets.Select(i => sets[i].Name))}.")
        { Patient = shared.Patient });

    private static IEnumerable<Finding> SharedContent(IReadOnlyList<MammoDataset> sets, List<ImageFacts>[] facts)
    {
        var same = facts.SelectMany((set, i) => set.Where(fact => fact.Film is not null).Select(fact => (fact.Image, Set: i, Hash: fact.PixelHash)))
            .GroupBy(item => item.Hash).Where(group => group.Count() > 1);
        foreach (var group in same)
        {
            var names = string.Join(", ", group.Select(item => $"'{item.Image.Path}' ({sets[item.Set].Name})"));
            var (first, isLeak) = (group.First().Image, group.Select(item => item.Set).Distinct().Count() > 1);
            yield return new Finding(
                isLeak ? ErrorIds.DataLeakage : ErrorIds.ImageTwice,
                $"These files hold the same image: {names}.")
            { Subject = first.Path, Patient = first.Patient };
            if (group.Select(item => item.Image.Class).Distinct().Count() > 1)
                yield return new Finding(
                    ErrorIds.RowsContradict, $"The same image has different classes: {names}.")
                { Subject = first.Path, Patient = first.Patient };
        }
    }

    private IEnumerable<Finding> OfSet(MammoDataset set, DatasetSummary summary)
    {
        foreach (var (name, _) in summary.Classes.Where(pair => pair.Value == 0))
            yield return new Finding(ErrorIds.ClassEmpty, $"The set {set.Name} has no image of class {name}.");
        if (set.Images.Count(image => image.Label is null) is > 0 and var unlabelled)
            yield return new Finding(
                ErrorIds.DatasetInvalid, unlabelled == 1 ? $"1 image of {set.Name} has no class." : $"{unlabelled} images of {set.Name} have no class.");
        if (set.Images.Count(image => image.Patient is null) is > 0 and var unknown)
            yield return new Finding(
                ErrorIds.PatientMissing,
                unknown == 1 ? $"1 image of {set.Name} has no patient: whether sets share patients cannot be known for it."
                    : $"{unknown} images of {set.Name} have no patient: whether sets share patients cannot be known for them.");
        if (summary.BitDepths.Count > 1 && Preparation?.LocalContrast is null)
            yield return FilmExamination.Mixed(
                $"The set {set.Name} has images of {string.Join(" and ", summary.BitDepths.Select(pair => $"{pair.Key} bits ({pair.Value})"))}",
                Preparation?.Top ?? ValueScale.Original);
        if (Preparation is not null && new FilmExamination(Preparation).Mean(set.Count - summary.Unreadable, summary.Mean, $" of {set.Name}") is { } mean)
            yield return mean;
    }
}
