using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Numerics;

namespace Mammo.Data.Splits;

/// <summary>Makes splits by patient from a dataset.</summary>
public static class PatientSplitter
{
    private const double Rounding = 1e-6;

    /// <summary>
    /// Deals patients into parts of given shares; a part's number of patients is within one of its share, of patients of each label within two.
    /// </summary>
    /// <param name="dataset">Images with patients; those without are left out here and reported by <see cref="PatientSplit.Apply"/>.</param>
    /// <param name="shares">Shares that add up to 1.</param>
    /// <param name="seed">Seed of the lots; they do not depend on the order of the images.</param>
    /// <param name="stratify">Give each part its share of each label; a patient's label is the highest of its images'.</param>
    /// <param name="names">Names of the parts; null is train, test for two and train, validation, test for three parts, part1 and so on for more.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.SplitImpossible"/>: shares that do not add up, or fewer patients than parts.</exception>
    public static PatientSplit ByShares(
        MammoDataset dataset, IReadOnlyList<double> shares, uint seed, bool stratify = true, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count == 0 || shares.Any(share => share is not (> 0 and <= 1)) || Math.Abs(shares.Sum() - 1) > Rounding)
            throw new MammoException(
                ErrorIds.SplitImpossible,
                FormattableString.Invariant($"The shares {string.Join(", ", shares)} do not add up to 1."),
                "Give shares such as 0.6, 0.2, 0.2.");
        if (names is not null && (names.Count != shares.Count || names.Distinct(StringComparer.Ordinal).Count() != names.Count))
            throw new MammoException(ErrorIds.SplitImpossible, $"{names.Count} names do not name {shares.Count} parts, one each.");
        return new PatientSplit("shares", seed, stratify, Deal(dataset, shares, names ?? DefaultNames(shares.Count), seed, stratify));
    }

    /// <summary>Deals patients into k parts of one size: fold1 to foldk, for testing on each in turn.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.SplitImpossible"/>: fewer than two folds, or fewer patients than folds.</exception>
    public static PatientSplit ByFolds(MammoDataset dataset, int folds, uint seed, bool stratify = true)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (folds < 2)
            throw new MammoException(ErrorIds.SplitImpossible, $"{folds} folds are no split.", "Ask for two or more.");
        string[] names = [.. Enumerable.Range(1, folds).Select(i => FormattableString.Invariant($"fold{i}"))];
        return new PatientSplit("folds", seed, stratify, Deal(dataset, [.. Enumerable.Repeat(1.0 / folds, folds)], names, seed, stratify));
    }

    /// <summary>
    /// The original's split: scikit-learn's, of the patients in the order of their first images, those with any malignant image being positive.
    /// </summary>
    /// <param name="dataset">Images with patients and labels; the highest label of a patient counts.</param>
    /// <param name="validationShare">Share of the second part; 0 gives one part.</param>
    /// <param name="seed">The original's is 12345.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.SplitImpossible"/>.</exception>
    public static PatientSplit AsOriginal(MammoDataset dataset, double validationShare = 0.1, uint seed = 12345)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var patients = Patients(dataset).ToArray();
        if (validationShare == 0)
            return new PatientSplit("original", seed, IsStratified: true, [new SplitPart("train", [.. patients.Select(patient => patient.Id)])]);
        var (train, validation) = ScikitLearnSplit.Stratified([.. patients.Select(patient => patient.Label)], validationShare, seed);
        return new PatientSplit("original", seed, IsStratified: true, [new SplitPart("train", Ids(train)), new SplitPart("validation", Ids(validation))]);

        ImmutableArray<string> Ids(int[] positions) => [.. positions.Select(i => patients[i].Id)];
    }

    private static ImmutableArray<SplitPart> Deal(MammoDataset dataset, IReadOnlyList<double> shares, IReadOnlyList<string> names, uint seed, bool stratify)
    {
        var random = new NumpyRandom(seed);
        var patients = Patients(dataset).OrderBy(patient => patient.Id, StringComparer.Ordinal).ToArray();
        if (patients.Length < shares.Count)
            throw new MammoException(
                ErrorIds.SplitImpossible, $"{patients.Length} patients cannot be dealt into {shares.Count} parts.", patients.Length > 0
                    ? "Ask for fewer parts."
                    : "Class folders have no patient ids: give a CSV with a column 'patient' (Import-MammoDataset list.csv), or a folder of DICOM files.");
        var parts = shares.Select(_ => ImmutableArray.CreateBuilder<string>()).ToArray();
        var dealt = 0;
        foreach (var stratum in patients.GroupBy(patient => stratify ? patient.Label : 0).OrderByDescending(group => group.Key))
        {
            string[] ids = [.. stratum.Select(patient => patient.Id)];
            random.Shuffle(ids.AsSpan());
            // The part that is furthest behind its share gets the next one; counting on over the labels keeps the whole within one of it too.
            foreach (var id in ids)
            {
                dealt++;
                parts[Enumerable.Range(0, parts.Length).MaxBy(i => Math.Round(shares[i] * dealt - parts[i].Count, 9))].Add(id);
            }
        }

        if (Array.FindIndex(parts, part => part.Count == 0) is >= 0 and var empty)
        {
            var problem = FormattableString.Invariant($"{patients.Length} patients leave nothing for a share of {shares[empty]}.");
            throw new MammoException(ErrorIds.SplitImpossible, problem, "Choose larger shares or fewer parts.");
        }

        return [.. parts.Select((part, i) => new SplitPart(names[i], part.ToImmutable()))];
    }

    /// <summary>Patients in the order of their first images, each with the highest label of its images; -1 for none.</summary>
    private static IEnumerable<(string Id, int Label)> Patients(MammoDataset dataset) =>
        dataset.Images.Where(image => image.Patient is not null)
            .GroupBy(image => image.Patient!, PatientIds.Comparer)
            .Select(images => (images.Key, images.Max(image => image.Label ?? -1)));

    private static string[] DefaultNames(int count) => count switch
    {
        1 => ["all"],
        2 => ["train", "test"],
        3 => ["train", "validation", "test"],
        _ => [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"part{i}"))],
    };
}
