using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>Datasets of rows that come one by one, with the same meaning of labels, patients and repeated images as in a file.</summary>
public static class DatasetRows
{
    /// <summary>Makes a dataset of images whose class is still the text of a label.</summary>
    /// <param name="name">Name of the dataset.</param>
    /// <param name="images">The images.</param>
    /// <param name="classes">Classes in the order of the labels; null takes the labels' own texts, as <see cref="DatasetCsv.Read"/> does.</param>
    /// <param name="isLabel">As for <see cref="DatasetCsv.Read"/>.</param>
    /// <returns>Findings: labels and patients that say nothing, rows of one image, ids that are written in several ways.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: a label is none of the classes.</exception>
    public static DatasetImport Of(
        string name, IReadOnlyCollection<MammoImage> images, IReadOnlyList<string>? classes = null, Func<string, bool>? isLabel = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (classes is not null)
            MammoDataset.CheckClasses(classes, name);
        try
        {
            var labels = classes is null ? DatasetLabels.FromTexts(images.Select(image => image.Class), isLabel) : new DatasetLabels([.. classes]);
            (int Number, MammoImage Image)[] rows = [.. images.Select((image, index) => (index + 1, labels.Apply(index + 1, Known(image))))];
            var findings = new List<Finding>();
            if (labels.Missing(images.Select((image, index) => (index + 1, image.Class)), $"the {name}") is { } missing)
                findings.Add(missing);
            var leftOut = new HashSet<string>(StringComparer.Ordinal);
            foreach (var same in rows.GroupBy(row => row.Image.Path, StringComparer.Ordinal).Where(same => same.Skip(1).Any()))
            {
                var contradiction = RepeatedImages.Contradiction([.. same]);
                findings.Add(contradiction ?? RepeatedImages.Twice(same.First().Image, same.Count()));
                if (contradiction is not null)
                    leftOut.Add(same.Key);
            }

            ImmutableArray<MammoImage> kept = [.. rows.Select(row => row.Image).Where(image => !leftOut.Contains(image.Path))];
            if (PatientColumn.Removed([.. images.Select((image, index) => (index + 1, image.Patient))], $"the {name}") is { } removed)
                findings.Add(removed);
            return new DatasetImport(new MammoDataset(name, labels.Classes, kept), [.. findings, .. PatientColumn.Examine(kept, $"the {name}")]);
        }
        catch (InvalidDataException error)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The {name} cannot be taken: {error.Message}", target: name, inner: error);
        }
    }

    /// <summary>A row's image without the words that stand where nothing is known of patient, side and view.</summary>
    /// <param name="image">The image as its row says.</param>
    public static MammoImage Known(MammoImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image with
        {
            Patient = image.Patient is { } patient && !MissingText.Is(patient) && !PatientColumn.IsPlaceholder(patient) ? patient : null,
            Laterality = image.Laterality is { } side && !MissingText.Is(side) ? side : null,
            View = image.View is { } view && !MissingText.Is(view) ? view : null,
        };
    }

    /// <summary>Whether the text of a row's label is the word for none, and not one of the classes.</summary>
    /// <param name="label">The text.</param>
    /// <param name="classes">Names of classes.</param>
    public static bool IsNoLabel(string label, IEnumerable<string> classes) =>
        MissingText.IsNoLabel(label) && !classes.Contains(label, StringComparer.OrdinalIgnoreCase);
}
