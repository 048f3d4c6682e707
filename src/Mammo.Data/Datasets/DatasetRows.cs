namespace Mammo.Data.Datasets;

/// <summary>Datasets of rows that come one by one, with the same meaning of labels as in a file.</summary>
public static class DatasetRows
{
    /// <summary>Makes a dataset of images whose class is still the text of a label.</summary>
    /// <param name="name">Name of the dataset.</param>
    /// <param name="images">The images.</param>
    /// <param name="classes">Classes in the order of the labels; null takes the labels' own texts, as <see cref="DatasetCsv.Read"/> does.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: a label is none of the classes.</exception>
    public static MammoDataset Of(string name, IReadOnlyCollection<MammoImage> images, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (classes is not null)
            MammoDataset.CheckClasses(classes, name);
        try
        {
            var labels = classes is null ? DatasetLabels.FromTexts(images.Select(image => image.Class)) : new DatasetLabels([.. classes]);
            return new MammoDataset(name, labels.Classes, [.. images.Select((image, index) => labels.Apply(index + 1, image))]);
        }
        catch (InvalidDataException error)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The {name} cannot be taken: {error.Message}", target: name, inner: error);
        }
    }
}
