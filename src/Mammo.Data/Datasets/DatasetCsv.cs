namespace Mammo.Data.Datasets;

/// <summary>Data sets as CSV files (RFC 4180): <c>path,label[,patient,laterality,view,sample_weight,...]</c>.</summary>
public static class DatasetCsv
{
    /// <summary>
    /// Reads a CSV with a header; UTF-8 unless a byte-order mark says otherwise; separated by commas, semicolons or tabs, whichever the header has most of.
    /// Column names count in any case of letters, relative paths start at the CSV's folder, a blank label is an unlabelled image, numbers have a decimal point.
    /// Columns without a meaning here are kept in <see cref="MammoImage.Extra"/>. Whether the images exist is not looked at.
    /// </summary>
    /// <param name="path">CSV file.</param>
    /// <param name="classes">
    /// Classes in the order of the labels; a label is the name of one or, if none has that name, its index. Null takes the labels' own texts in ordinal order
    /// or, if all labels are whole numbers, the classes 0 to the highest.
    /// </param>
    /// <param name="columns">
    /// The file's own names for <c>path</c>, <c>label</c>, <c>patient</c>, <c>laterality</c>, <c>view</c>, <c>sample_weight</c>, where they differ.
    /// </param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: what is wrong and in which row, the header being row 1.
    /// </exception>
    public static MammoDataset Read(string path, IReadOnlyList<string>? classes = null, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (classes is not null)
            MammoDataset.CheckClasses(classes, path);
        var file = Path.GetFullPath(path);
        try
        {
            var rows = DatasetCsvReader.Read(file, columns);
            var labels = classes is null ? DatasetLabels.FromTexts(rows.Select(row => row.Image.Class)) : new DatasetLabels([.. classes]);
            return new MammoDataset(Path.GetFileNameWithoutExtension(file), labels.Classes, [.. rows.Select(labels.Apply)]);
        }
        catch (InvalidDataException error)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The data set '{path}' cannot be used: {error.Message}", target: path, inner: error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MammoException(ErrorIds.FileNotFound, $"The data set '{path}' does not exist.", target: path, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The data set '{path}' cannot be read: {error.Message}", target: path, inner: error);
        }
    }

    /// <summary>
    /// Writes a data set so that <see cref="Read"/> with the same classes gives it back: comma-separated UTF-8, paths below the CSV's folder relative to it
    /// with forward slashes, other paths in full, columns that no image fills left out, further columns in alphabetical order. The file appears whole or not at all.
    /// </summary>
    /// <param name="dataset">Images to write.</param>
    /// <param name="path">CSV file; overwritten.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(MammoDataset dataset, string path)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => DatasetCsvWriter.Write(dataset, Path.GetDirectoryName(Path.GetFullPath(path))!, stream));
    }
}
