using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;

namespace Mammo.Data.Splits;

/// <summary>Which patients belong to which part; no patient belongs to two.</summary>
/// <param name="Method">How it was made: shares, folds or original.</param>
/// <param name="Seed">Seed of its lots.</param>
/// <param name="IsStratified">Whether every part got its share of each label.</param>
/// <param name="Parts">The parts in order.</param>
public sealed record PatientSplit(string Method, uint Seed, bool IsStratified, ImmutableArray<SplitPart> Parts)
{
    /// <summary>
    /// SHA-256 of who is in which part, as 64 hexadecimal digits: names of the parts and ids of their patients in ordinal order, each followed by a zero
    /// byte, two after a part. It depends on nothing else, so that the same division has the same hash whoever made it.
    /// </summary>
    public string Hash
    {
        get
        {
            var text = new StringBuilder();
            foreach (var part in Parts)
            {
                foreach (var item in part.Patients.Order(StringComparer.Ordinal).Prepend(part.Name))
                    text.Append(item).Append('\0');
                text.Append('\0');
            }

            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))).ToLowerInvariant();
        }
    }

    /// <summary>
    /// Divides a dataset's images; each part keeps the dataset's order of images and its classes and is named dataset/part. Images without a patient,
    /// or of one that the split does not know, are in no part and become findings.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.PatientNotInSplit"/>: no image is in any part.</exception>
    public (ImmutableArray<MammoDataset> Parts, ImmutableArray<Finding> Findings) Apply(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var partOf = Parts.SelectMany((part, i) => part.Patients.Select(patient => KeyValuePair.Create(patient, i))).ToDictionary(PatientIds.Comparer);
        var images = dataset.Images.ToLookup(image => image.Patient is { } patient && partOf.TryGetValue(patient, out var part) ? part : -1);
        if (dataset.Images.Length > 0 && images[-1].Count() == dataset.Images.Length)
        {
            throw new MammoException(
                ErrorIds.PatientNotInSplit,
                $"No image of '{dataset.Name}' is of a patient of the split: it was made of another dataset.",
                "Use the split of this dataset, or make one.",
                dataset.Name);
        }

        var splits = dataset.Splits.Add(Hash);
        return (
            [.. Parts.Select((part, i) => dataset with { Name = $"{dataset.Name}/{part.Name}", Images = [.. images[i]], Splits = splits })],
            [.. images[-1].Select(image => new Finding(
                image.Patient is null ? ErrorIds.PatientMissing : ErrorIds.PatientNotInSplit,
                image.Patient is null
                    ? $"'{image.Path}' has no patient and is in no part."
                    : $"Patient {image.Patient} of '{image.Path}' is in no part of the split.")
            {
                Subject = image.Path,
                Patient = image.Patient,
            })]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method}: {string.Join(", ", Parts)}";
}

/// <summary>The patients of one side of a split.</summary>
/// <param name="Name">train, validation, fold1 and so on.</param>
/// <param name="Patients">Their ids; in the order in which the split dealt them.</param>
public sealed record SplitPart(string Name, ImmutableArray<string> Patients)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Patients.Length} patients";
}
