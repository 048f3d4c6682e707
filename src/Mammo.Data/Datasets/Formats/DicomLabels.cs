using System.Collections.Immutable;
using Mammo.Data.Dicom;

namespace Mammo.Data.Datasets.Formats;

/// <summary>
/// A list of labels for DICOM images: the column <c>label</c>, and <c>sop_instance_uid</c>, <c>accession_number</c> or <c>patient</c> to find the images by,
/// the first of them that the list has.
/// With the last two, <c>laterality</c> and <c>view</c> narrow a row to these images where they are filled. Further columns are kept with the images.
/// </summary>
internal sealed class DicomLabels
{
    private const string Label = "label";
    private const string Laterality = "laterality";
    private const string View = "view";

    private static readonly (string Column, Func<DicomImageInfo, string?> Value, StringComparer Comparer)[] Keys =
    [
        ("sop_instance_uid", info => info.SopInstanceUid, StringComparer.Ordinal),
        ("accession_number", info => info.AccessionNumber, StringComparer.Ordinal),
        ("patient", info => info.Patient, PatientIds.Comparer),
    ];

    private readonly CsvTable _table;
    private readonly Dictionary<string, int> _places;
    private readonly Func<DicomImageInfo, string?> _value;
    private readonly string _key;
    private readonly ILookup<string, CsvRow> _rows;
    private readonly DatasetLabels _labels;
    private readonly int[] _further;

    private DicomLabels(CsvTable table, IReadOnlyList<string>? classes, IReadOnlyDictionary<string, string> names)
    {
        _table = table;
        string[] keys = [.. Keys.Select(key => key.Column)];
        string[] meanings = [Label, .. keys, Laterality, View];
        if (names.Keys.Except(meanings, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
            throw new InvalidDataException($"a column is given for '{unknown}'; the meanings are {string.Join(", ", meanings)}");
        var given = names.ToDictionary(StringComparer.OrdinalIgnoreCase);
        _places = meanings.ToDictionary(meaning => meaning, meaning => given.TryGetValue(meaning, out var name) ? table.Place(name)
            : meaning == Label ? table.Place(meaning) : table.Find(meaning));
        // A column that was named is meant, whatever else the list has.
        var key = Keys.Where(key => _places[key.Column] >= 0).OrderByDescending(key => given.ContainsKey(key.Column)).FirstOrDefault();
        if (key.Column is null)
            throw new InvalidDataException($"it has none of the columns {string.Join(", ", keys)}, by which images are found; its columns are "
                + $"{string.Join(", ", table.Columns)}");
        (_key, _value) = (key.Column, key.Value);
        if (_key == keys[0])
            _places[Laterality] = _places[View] = -1;
        _rows = table.Rows.Where(row => row[_places[_key]] is not null).ToLookup(row => row[_places[_key]]!, key.Comparer);
        _labels = classes is null ? DatasetLabels.FromTexts(table.Rows.Select(row => row[_places[Label]])) : new DatasetLabels([.. classes]);
        _further = [.. Enumerable.Range(0, table.Columns.Length).Where(place => table.Columns[place].Length > 0 && !_places.ContainsValue(place))];
    }

    /// <summary>The classes, in the order of the labels.</summary>
    public ImmutableArray<string> Classes => _labels.Classes;

    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>.</exception>
    public static DicomLabels Read(string path, IReadOnlyList<string>? classes, IReadOnlyDictionary<string, string>? columns)
    {
        var table = CsvTable.Read(path);
        try
        {
            return new DicomLabels(table, classes, columns ?? ImmutableDictionary<string, string>.Empty);
        }
        catch (InvalidDataException error)
        {
            throw table.Invalid(error.Message, error);
        }
    }

    /// <summary>Gives images the labels of their rows; images that no row names stay without a label.</summary>
    /// <param name="images">The images with what their elements say.</param>
    /// <param name="findings">Takes what did not fit.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: a label is no class.</exception>
    public ImmutableArray<MammoImage> Apply(IEnumerable<(MammoImage Image, DicomImageInfo Info)> images, ImmutableArray<Finding>.Builder findings)
    {
        var labelled = ImmutableArray.CreateBuilder<MammoImage>();
        var used = new HashSet<CsvRow>(ReferenceEqualityComparer.Instance);
        foreach (var (image, info) in images)
        {
            CsvRow[] rows = _value(info) is { } value ? [.. _rows[value].Where(row => IsOf(row, image))] : [];
            used.UnionWith(rows);
            if (rows.Select(row => row[_places[Label]]).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                Add(
                    ErrorIds.RowsContradict,
                    $"'{image.Path}' is left out: rows {string.Join(" and ", rows.Select(row => row.Number))} have different labels.",
                    image);
                continue;
            }

            if (rows.Length == 0)
                Add(ErrorIds.ListUnmatched, $"'{image.Path}' has no label: no row has its {Name} ({_value(info) ?? "it has none"}).", image);
            labelled.Add(rows.Length == 0 ? image : Labelled(image, rows[0]));
        }

        foreach (var row in _table.Rows.Where(row => !used.Contains(row)))
            Add(
                ErrorIds.ListUnmatched,
                FormattableString.Invariant($"Row {row.Number} has no image: none has its {Name} ({row[_places[_key]] ?? "blank"}){Part(row)}."),
                null);
        if (_labels.Missing(_table.Rows.Select(row => (row.Number, row[_places[Label]])), $"'{_table.Name}'") is { } missing)
            findings.Add(missing);
        return labelled.ToImmutable();

        void Add(string id, string message, MammoImage? image) => findings.Add(new Finding(id, message) { Subject = image?.Path, Patient = image?.Patient });
    }

    private string Name => _key.Replace('_', ' ').Replace("sop", "SOP", StringComparison.Ordinal).Replace("uid", "UID", StringComparison.Ordinal);

    private string Part(CsvRow row) =>
        string.Join(' ', new[] { row[_places[Laterality]], row[_places[View]] }.OfType<string>()) is { Length: > 0 } part ? $", {part}" : "";

    private bool IsOf(CsvRow row, MammoImage image) =>
        (row[_places[Laterality]] is not { } side || string.Equals(side[..1], image.Laterality, StringComparison.OrdinalIgnoreCase))
        && (row[_places[View]] is not { } view || string.Equals(view, image.View, StringComparison.OrdinalIgnoreCase));

    private MammoImage Labelled(MammoImage image, CsvRow row)
    {
        var further = _further.Where(place => row[place] is not null && !image.Extra.ContainsKey(_table.Columns[place]));
        var extra = image.Extra.AddRange(further.DistinctBy(
            place => _table.Columns[place], StringComparer.OrdinalIgnoreCase).Select(place => KeyValuePair.Create(_table.Columns[place], row[place]!)));
        try
        {
            return _labels.Apply(row.Number, image with { Class = row[_places[Label]], Extra = extra });
        }
        catch (InvalidDataException error)
        {
            throw _table.Invalid(error.Message, error);
        }
    }
}
