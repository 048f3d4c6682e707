using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Files;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>
/// Datasets as CSV files (RFC 4180): <c>path,label[,patient,laterality,view,sample_weight,...]</c>. Regions of interest are in the columns <c>roi_mask</c>, or
/// <c>roi_x</c>, <c>roi_y</c> and <c>roi_radius</c> for the centre and radius of a circle, or <c>roi_x</c>, <c>roi_y</c>, <c>roi_width</c> and
/// <c>roi_height</c> for a box and its top left pixel; <c>roi_number</c>, <c>roi_type</c> and <c>pathology</c>. <c>roi_mask_alternative</c> is a file that may
/// have been exchanged with the mask (<see cref="RoiMaskFile.Alternative"/>).
/// </summary>
public static class DatasetCsv
{
    private const string PathColumn = "path";
    private const string LabelColumn = "label";
    private const string PatientName = "patient";
    private const string LateralityColumn = "laterality";
    private const string ViewColumn = "view";
    private const string WeightColumn = "sample_weight";

    private static readonly string[] ImageColumns = [PathColumn, LabelColumn, PatientName, LateralityColumn, ViewColumn, WeightColumn];

    /// <summary>
    /// Reads a CSV with a header; UTF-8 unless a byte-order mark says otherwise; separated by commas, semicolons or tabs, whichever the header has most of.
    /// Column names count in any case of letters and with blanks for underscores, relative paths start at the CSV's folder, a blank label is an unlabelled
    /// image, numbers have a decimal point. Columns without a meaning here are kept in <see cref="MammoImage.Extra"/>. Whether the images exist is not looked
    /// at.
    /// </summary>
    /// <param name="path">CSV file.</param>
    /// <param name="classes">
    /// Classes in the order of the labels; a label is the name of one or, if none has that name, its index. Null takes the labels' own texts in ordinal order
    /// or, if all labels are whole numbers, the classes 0 to the highest.
    /// </param>
    /// <param name="columns">The file's own names for the columns that have a meaning, where they differ.</param>
    /// <param name="isLabel">Whether a word is a label though it reads as if nothing were known (None); null where none is, but those of classes.</param>
    /// <returns>
    /// Where the table says of regions (something is in <c>roi_mask</c>, <c>roi_x</c> or <c>roi_number</c>) rows of one path are one image with several
    /// regions; otherwise every row is an image. Findings: rows of one image that contradict each other, places that are not given in full.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: what is wrong and in which row, the header being row 1.
    /// </exception>
    public static DatasetImport Read(
        string path, IReadOnlyList<string>? classes = null, IReadOnlyDictionary<string, string>? columns = null, Func<string, bool>? isLabel = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (classes is not null)
            MammoDataset.CheckClasses(classes, path);
        var table = CsvTable.Read(path);
        try
        {
            var reader = new Reader(table, Path.GetDirectoryName(Path.GetFullPath(path))!, columns ?? ImmutableDictionary<string, string>.Empty);
            var labels = classes is null ? DatasetLabels.FromTexts(table.Rows.Select(reader.Label), isLabel) : new DatasetLabels([.. classes]);
            var (images, findings) = reader.Read(labels);
            return new DatasetImport(
                new MammoDataset(Path.GetFileNameWithoutExtension(path), labels.Classes, images),
                [.. findings, .. reader.OfRows(labels), .. PatientColumn.Examine(images, $"'{Path.GetFileName(path)}'")]);
        }
        catch (InvalidDataException error)
        {
            throw table.Invalid(error.Message, error);
        }
    }

    /// <summary>
    /// Writes a dataset so that <see cref="Read"/> with the same classes gives it back: comma-separated UTF-8, paths below the CSV's folder relative to it
    /// with forward slashes, other paths in full, columns that no image fills left out, further columns in alphabetical order. A further column whose name has
    /// a meaning gets another name. The file appears whole or not at all.
    /// </summary>
    /// <param name="dataset">Images to write.</param>
    /// <param name="path">CSV file; overwritten.</param>
    /// <returns>
    /// What the file cannot say: an order of classes other than that of their names, the same image twice with regions, a further column of a reserved name.
    /// </returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static ImmutableArray<Finding> Write(MammoDataset dataset, string path)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var writer = new Writer(dataset, Path.GetDirectoryName(Path.GetFullPath(path))!);
        writer.Write(path);
        return writer.Findings;
    }

    /// <summary>A path below a folder relative to it, with forward slashes, so that a folder with its list can be moved; any other path as it is.</summary>
    internal static string Relative(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == ".."
            ? path
            : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Makes images of rows, each read once.</summary>
    private sealed class Reader
    {
        private readonly CsvTable _table;
        private readonly string _folder;
        private readonly Dictionary<string, int> _places;
        private readonly bool _isAnnotated;

        /// <param name="table">The rows.</param>
        /// <param name="folder">Full path of the folder where relative paths start.</param>
        /// <param name="names">The table's own names of columns by their meaning.</param>
        public Reader(CsvTable table, string folder, IReadOnlyDictionary<string, string> names)
        {
            (_table, _folder) = (table, folder);
            string[] meanings = [.. ImageColumns, .. RoiColumns.All];
            if (names.Keys.Except(meanings, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
                throw new InvalidDataException($"a column is given for '{unknown}'; the meanings are {string.Join(", ", meanings)}");
            var given = names.ToDictionary(StringComparer.OrdinalIgnoreCase);
            _places = ImageColumns.ToDictionary(meaning => meaning, meaning => given.TryGetValue(meaning, out var name) ? table.Place(name)
                : meaning is PathColumn or LabelColumn ? table.Place(meaning) : table.Find(meaning));

            // A column that says something of the image, its pathology for a label, is no region's unless it is named for both.
            int[] ofImages = [.. _places.Values];
            foreach (var meaning in RoiColumns.All)
            {
                var place = given.TryGetValue(meaning, out var name) ? table.Place(name) : table.Find(meaning);
                _places[meaning] = name is null && ofImages.Contains(place) ? -1 : place;
            }

            _isAnnotated = table.Rows.Any(row => Array.Exists(RoiColumns.Marks, mark => Text(row, mark) is not null));
        }

        public string? Label(CsvRow row) => Text(row, LabelColumn);

        public (ImmutableArray<MammoImage> Images, ImmutableArray<Finding> Findings) Read(DatasetLabels labels)
        {
            (CsvRow Row, MammoImage Image)[] rows = [.. _table.Rows.Select(row => (row, labels.Apply(row.Number, Image(row))))];
            var findings = ImmutableArray.CreateBuilder<Finding>();
            var images = ImmutableArray.CreateBuilder<MammoImage>();
            foreach (var group in rows.GroupBy(row => row.Image.Path, StringComparer.Ordinal))
            {
                var (first, image) = group.First();
                if (RepeatedImages.Contradiction([.. group.Select(row => (row.Row.Number, row.Image))]) is { } contradiction)
                {
                    findings.Add(contradiction);
                    continue;
                }

                if (_isAnnotated)
                {
                    ImmutableArray<Roi> rois = [.. group.Select((row, i) => Roi(row.Row, i + 1, row.Image, findings)).OfType<Roi>()];
                    images.Add(image with { Rois = rois, Extra = Extra(first, !rois.IsEmpty) });
                    continue;
                }

                images.AddRange(group.Select(row => row.Image with { Extra = Extra(row.Row, hasRois: false) }));
                if (group.Skip(1).Any())
                    findings.Add(RepeatedImages.Twice(image, group.Count()));
            }

            return (_isAnnotated ? images.ToImmutable() : InOrder(rows.Select(row => row.Image.Path), images), findings.ToImmutable());
        }

        /// <summary>What rows have that does not fit the header, though they can be read, and what stands where a patient should.</summary>
        public IEnumerable<Finding> OfRows(DatasetLabels labels)
        {
            if (_table.Rows.IsEmpty)
                yield return new Finding(ErrorIds.ClassEmpty, $"'{_table.Name}' has a header and no rows.") { SuggestedFix = "Give a row for each image." };
            if (labels.Missing(_table.Rows.Select(row => (row.Number, Label(row))), $"'{_table.Name}'") is { } missing)
                yield return missing;
            CsvRow[] shorter = [.. _table.Rows.Where(row => row.Fields.Length < _table.Columns.Length)];
            if (shorter.Length > 0)
            {
                yield return new Finding(
                    ErrorIds.ListIncomplete, $"{Rows(shorter)} of '{_table.Name}' end before the last column; what they lack is taken as missing.")
                {
                    SuggestedFix = "Fill in the rows, if their last fields matter.",
                };
            }

            if (PatientColumn.Removed(_table.Rows.Select(row => (row.Number, row[_places[PatientName]])), $"'{_table.Name}'") is { } removed)
                yield return removed;
        }

        private static string Rows(CsvRow[] rows) => FormattableString.Invariant(
            $"{rows.Length} rows ({string.Join(", ", rows.Take(5).Select(row => row.Number))}{(rows.Length > 5 ? ", ..." : "")})");

        // Rows of one path are looked at together, but a list keeps its order.
        private static ImmutableArray<MammoImage> InOrder(IEnumerable<string> paths, IEnumerable<MammoImage> images)
        {
            var byPath = images.GroupBy(image => image.Path, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => new Queue<MammoImage>(group), StringComparer.Ordinal);
            return [.. paths.Where(byPath.ContainsKey).Select(path => byPath[path].Dequeue())];
        }

        private string? Text(CsvRow row, string meaning)
        {
            var text = row[_places[meaning]];
            // Labels that say nothing are the labels' matter, for a class may be called so.
            if (text is null || meaning is PathColumn or WeightColumn or LabelColumn)
                return text;
            return MissingText.Is(text) || (meaning == PatientName && PatientColumn.IsPlaceholder(text)) ? null : text;
        }

        private MammoImage Image(CsvRow row)
        {
            // A row may lack its last columns, but not the path and the label.
            if (row.IsTooLong || row.Fields.Length <= Math.Max(_places[PathColumn], _places[LabelColumn]))
                throw new InvalidDataException(
                    FormattableString.Invariant($"row {row.Number} has {row.Fields.Length} fields; the header has {_table.Columns.Length}"));
            if (Text(row, PathColumn) is not { } path || path.Contains('\0'))
                throw new InvalidDataException(FormattableString.Invariant($"row {row.Number} has no usable path"));
            return new MammoImage(ListPath.Full(path, _folder))
            {
                Class = Label(row),
                Patient = Text(row, PatientName),
                Laterality = Text(row, LateralityColumn),
                View = Text(row, ViewColumn),
                SampleWeight = Weight(row),
            };
        }

        private double Weight(CsvRow row)
        {
            if (Text(row, WeightColumn) is not { } text)
                return 1;
            return _table.Number(text) is >= 0 and var weight
                ? weight
                : throw new InvalidDataException(
                    FormattableString.Invariant($"row {row.Number}: the sample weight '{text}' is not a number from 0 upwards with a decimal point"));
        }

        /// <summary>What is in columns without a meaning; those of regions too where the image has none.</summary>
        private ImmutableSortedDictionary<string, string> Extra(CsvRow row, bool hasRois)
        {
            int[] taken = [.. (hasRois ? _places.Keys : ImageColumns.AsEnumerable()).Select(meaning => _places[meaning])];
            return MammoImage.NoExtra.AddRange(Enumerable.Range(0, _table.Columns.Length)
                .Where(place => _table.Columns[place].Length > 0 && !taken.Contains(place) && row[place] is not null)
                .Select(place => KeyValuePair.Create(_table.Columns[place], row.Fields[place])));
        }

        private Roi? Roi(CsvRow row, int position, MammoImage image, ImmutableArray<Finding>.Builder findings)
        {
            string? OfRow(string meaning) => Text(row, meaning) is { } text && RoiColumns.Numbers.Contains(meaning) && _table.Number(text) is { } number
                ? number.ToString("R", CultureInfo.InvariantCulture)
                : Text(row, meaning);

            var roi = RoiColumns.Read(OfRow, position, _folder);
            if (roi is { Shape: null } && RoiColumns.HasPlace(OfRow))
            {
                const string needs = "it needs x, y and a radius, or x, y, width and height in whole pixels, as numbers with a decimal point";
                findings.Add(new Finding(ErrorIds.RoiEmpty, $"The place of a lesion of '{image.Path}' is not known: {needs}.")
                {
                    Subject = image.Path,
                    Patient = image.Patient,
                });
            }

            return roi;
        }
    }

    /// <summary>Makes rows of images: one an image, or one a region.</summary>
    private sealed class Writer
    {
        private readonly string _folder;
        private readonly bool _isAnnotated;
        private readonly Dictionary<string, string> _renamed = new(StringComparer.OrdinalIgnoreCase);
        private readonly Row[] _rows;

        /// <param name="dataset">The images.</param>
        /// <param name="folder">Where the CSV will be.</param>
        public Writer(MammoDataset dataset, string folder)
        {
            (_folder, _isAnnotated) = (folder, dataset.Images.Any(image => !image.Rois.IsEmpty));
            // In a table with regions, rows of one path are one image.
            MammoImage[] images = [.. _isAnnotated ? dataset.Images.DistinctBy(image => image.Path, StringComparer.Ordinal) : dataset.Images];
            _rows = [.. images.SelectMany(Rows)];
            Findings = [.. images.Length < dataset.Count ? Twice(dataset.Images) : [], .. Renamed(), .. ClassOrder(dataset)];
        }

        public ImmutableArray<Finding> Findings { get; }

        public void Write(string path)
        {
            List<(string Name, Func<Row, string?> Value)> columns =
            [
                (PathColumn, row => Relative(row.Image.Path, _folder)),
                (LabelColumn, row => row.Image.Class),
            ];
            AddIfUsed(PatientName, row => row.Image.Patient);
            AddIfUsed(LateralityColumn, row => row.Image.Laterality);
            AddIfUsed(ViewColumn, row => row.Image.View);
            AddIfUsed(WeightColumn, row => row.Image.SampleWeight == 1 ? null : row.Image.SampleWeight.ToString("R", CultureInfo.InvariantCulture));
            foreach (var name in _rows.SelectMany(row => row.Further.Keys).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
                columns.Add((name, row => row.Further.GetValueOrDefault(name)));
            CsvTable.Write(path, columns.Select(column => column.Name), _rows.Select(row => columns.Select(column => column.Value(row))));

            void AddIfUsed(string name, Func<Row, string?> value)
            {
                if (Array.Exists(_rows, row => value(row) is not null))
                    columns.Add((name, value));
            }
        }

        private IEnumerable<Row> Rows(MammoImage image)
        {
            var extra = FreeNames(image);
            return image.Rois.IsEmpty ? [new Row(image, extra)] : image.Rois.Select(roi => new Row(image, extra.SetItems(RoiColumns.Texts(roi, _folder))));
        }

        private ImmutableSortedDictionary<string, string> FreeNames(MammoImage image)
        {
            string[] reserved = [.. ImageColumns, .. IsTakenForRegion(image) ? RoiColumns.All : RoiColumns.Marks];
            var extra = image.Extra;
            foreach (var (name, value) in image.Extra.Where(pair => Array.Exists(reserved, column => CsvTable.IsSame(column, pair.Key))))
            {
                var other = "other_" + name;
                while (extra.ContainsKey(other))
                    other = "other_" + other;
                extra = extra.Remove(name).Add(other, value);
                _renamed[name] = other;
            }

            return extra;
        }

        // A pathology of the image alone may keep its column where it would not be read as a region's.
        private bool IsTakenForRegion(MammoImage image) =>
            _isAnnotated && (!image.Rois.IsEmpty || RoiColumns.Read(column => image.Extra.GetValueOrDefault(column)?.Trim(), 1, _folder) is not null);

        private static IEnumerable<Finding> Twice(ImmutableArray<MammoImage> images) =>
            images.GroupBy(image => image.Path, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => new Finding(
                ErrorIds.ImageTwice, $"'{same.Key}' is {same.Count()} times in the dataset; it is written once, with the ROIs of the first.")
            {
                Subject = same.Key,
                Patient = same.First().Patient,
            });

        private IEnumerable<Finding> Renamed() => _renamed.Select(pair => new Finding(
            ErrorIds.ListIncomplete, $"The further column '{pair.Key}' is written as '{pair.Value}': its own name has a meaning in a list."));

        private static IEnumerable<Finding> ClassOrder(MammoDataset dataset) =>
            DatasetLabels.IsToldBy(dataset.Images.Select(image => image.Class), dataset.Classes)
            ? []
            : [new Finding(
                ErrorIds.ListIncomplete,
                $"The list does not say which classes there are and in what order: read it with -Class {string.Join(", ", dataset.Classes)}.")];

        private sealed record Row(MammoImage Image, ImmutableSortedDictionary<string, string> Further);
    }
}
