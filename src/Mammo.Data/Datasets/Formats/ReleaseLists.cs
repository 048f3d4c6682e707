using System.Collections.Immutable;
using Mammo.Data.Files;

namespace Mammo.Data.Datasets.Formats;

/// <summary>Reads a public set by its list, as its <see cref="ReleaseLayout"/> says. Holds no pixels.</summary>
/// <param name="layout">How the set arrives.</param>
/// <param name="rule">Which values make which class; null takes the layout's.</param>
/// <param name="columns">The list's own names for its columns, where they differ.</param>
internal sealed class ReleaseLists(ReleaseLayout layout, LabelRule? rule, IReadOnlyDictionary<string, string>? columns)
{
    private readonly List<Finding> _findings = [];

    /// <summary>Reads the list and finds the images.</summary>
    /// <param name="path">The list, or the folder that holds it.</param>
    /// <param name="imageFolder">Folder of the images; null is the list's own.</param>
    /// <param name="labelList">For EMBED the list with the labels of examinations; null where the list has them.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>: no such list or folder; <see cref="ErrorIds.LabelRuleInvalid"/>: the list says assessments, and no rule is given;
    /// <see cref="ErrorIds.DatasetInvalid"/>: a column is missing, or no image is found.
    /// </exception>
    public DatasetImport Read(string path, string? imageFolder = null, string? labelList = null)
    {
        var list = List(path);
        var labels = rule ?? layout.Rule ?? throw new MammoException(
            ErrorIds.LabelRuleInvalid,
            $"The list of {layout.Name} says assessments, not classes, and no rule says which of them make which class.",
            "Give the rule of your study: -LabelRule @{ neg = 1, 2, 3; pos = 4, 5, 6 }.",
            list);
        var table = CsvTable.Read(list);
        var places = Places(table, labelList is not null);
        var examinations = labelList is null ? null : new ExaminationLabels(labelList, columns?.GetValueOrDefault(ReleaseLayout.Label) ?? "asses", labels);
        var folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var files = Files(imageFolder ?? folder);
        var regions = layout.Regions(folder, _findings);
        var images = new Dictionary<string, (MammoImage Image, int Row)>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            if (Image(row, places, files, labels, examinations) is not { } image)
                continue;
            if (!images.TryAdd(image.Path, (image with { Rois = regions(row, image.Path) }, row.Number)) && images[image.Path].Image.Label != image.Label)
                Add(ErrorIds.RowsContradict, $"Rows {images[image.Path].Row} and {row.Number} give '{image.Path}' different classes; the first counts.", image);
        }

        var all = files.SelectMany(group => group).Distinct(StringComparer.Ordinal);
        foreach (var unlisted in all.Where(file => !images.ContainsKey(file)).Order(StringComparer.Ordinal))
        {
            _findings.Add(new Finding(ErrorIds.ListUnmatched, $"'{unlisted}' is left out: no row of the list names it, or its row has no class.")
            {
                Subject = unlisted,
            });
        }

        return images.Count > 0
            ? new DatasetImport(new MammoDataset(layout.Name, labels.Classes, [.. images.Values.Select(pair => pair.Image)]), [.. _findings])
            : throw table.Invalid($"none of its images is in the folder '{imageFolder ?? folder}', or none has a class. {_findings.FirstOrDefault()?.Message}");
    }

    private string List(string path)
    {
        if (!Directory.Exists(path))
            return path;
        return layout.Lists.Select(name => Path.Combine(path, name)).FirstOrDefault(System.IO.File.Exists) ?? throw new MammoException(
            ErrorIds.FileNotFound,
            $"The folder '{path}' holds no {(layout.Lists.IsEmpty ? "list that has a known name" : string.Join(", ", layout.Lists))}.",
            "Name the list itself, and the folder of the images with -ImageFolder.",
            path);
    }

    private Dictionary<string, int> Places(CsvTable table, bool hasLabelList)
    {
        var named = columns ?? ImmutableDictionary<string, string>.Empty;
        if (named.Keys.Except(ReleaseLayout.Meanings, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
            throw table.Invalid($"a column is given for '{unknown}'; the meanings are {string.Join(", ", ReleaseLayout.Meanings)}");
        return ReleaseLayout.Meanings.ToDictionary(meaning => meaning, meaning =>
        {
            var isOfExaminations = meaning == ReleaseLayout.Label && hasLabelList;
            var name = isOfExaminations ? null : named.GetValueOrDefault(meaning) ?? layout.Columns.GetValueOrDefault(meaning);
            if (name is not null)
                return table.Place(name);
            return isOfExaminations || meaning is not (ReleaseLayout.File or ReleaseLayout.Label)
                ? -1
                : throw table.Invalid(
                    $"no column is known for '{meaning}'. Name it: -Column @{{ {meaning} = '...' }}; its columns are {string.Join(", ", table.Columns)}");
        });
    }

    private ILookup<string, string> Files(string folder) => new ImageFiles(folder).All()
        .SelectMany(path => layout.FileKeys(path).Distinct(StringComparer.OrdinalIgnoreCase).Select(key => (key, path)))
        .ToLookup(pair => pair.key, pair => pair.path, StringComparer.OrdinalIgnoreCase);

    private MammoImage? Image(CsvRow row, Dictionary<string, int> places, ILookup<string, string> files, LabelRule labels, ExaminationLabels? examinations)
    {
        string? Text(string meaning) => row[places[meaning]];

        var key = layout.RowKey(row, Text(ReleaseLayout.File));
        var patient = Text(ReleaseLayout.Patient);
        MammoImage? Left(string id, string reason)
        {
            _findings.Add(new Finding(id, FormattableString.Invariant($"Row {row.Number} ({key ?? "no file"}) is left out: {reason}."))
            {
                Subject = key,
                Patient = patient,
            });
            return null;
        }

        if (key is null)
            return Left(ErrorIds.ListUnmatched, "it names no file");
        if (layout.LeftOut(row) is { } reason)
            return Left(ErrorIds.ListUnmatched, reason);
        string[] found = [.. files[key]];
        if (found.Length == 0 && key.Contains('/'))
            found = [.. files[key[(key.LastIndexOf('/') + 1)..]]];
        if (found.Length != 1)
            return Left(ErrorIds.FileNotFound, found.Length == 0 ? "its image is not in the folder" : $"{found.Length} files have its name");
        var side = Text(ReleaseLayout.Laterality);
        var text = examinations is null ? Text(ReleaseLayout.Label) : null;
        var label = examinations is null ? text is null ? null : labels.Label(text) : examinations.Of(row, side);
        if (label is not { } known)
        {
            var problem = text is null ? "it has no assessment that is in a class" : $"its assessment '{text}' is in no class of the rule";
            return Left(ErrorIds.LabelUnknown, problem);
        }

        return new MammoImage(found[0])
        {
            Class = labels.Classes[known],
            Label = known,
            Patient = patient ?? layout.PatientOfFile(found[0]),
            Laterality = side,
            View = Text(ReleaseLayout.View),
            Extra = Further(row, places),
        };
    }

    private static ImmutableSortedDictionary<string, string> Further(CsvRow row, Dictionary<string, int> places) => MammoImage.NoExtra.AddRange(
        row.Table.Columns.Select((name, place) => (name, place))
            .Where(pair => pair.name.Length > 0 && !places.ContainsValue(pair.place) && row[pair.place] is not null)
            .DistinctBy(pair => pair.name, StringComparer.OrdinalIgnoreCase).Select(pair => KeyValuePair.Create(pair.name, row[pair.place]!)));

    private void Add(string id, string message, MammoImage image) => _findings.Add(new Finding(id, message) { Subject = image.Path, Patient = image.Patient });
}

/// <summary>Labels of examinations (EMBED): by accession number, and by side where a row names one; of several the worst counts.</summary>
internal sealed class ExaminationLabels
{
    private const string Key = "acc_anon";

    private readonly ILookup<string, (string? Side, int Label)> _labels;

    public ExaminationLabels(string path, string column, LabelRule rule)
    {
        var table = CsvTable.Read(path, Key, column);
        _labels = table.Rows.Where(row => row[Key] is not null && row[column] is { } text && rule.Label(text) is not null)
            .ToLookup(row => Plain(row[Key]!), row => (row["side"], rule.Label(row[column]!)!.Value));
    }

    /// <summary>The label of an image; null when no row of its examination and side is in a class.</summary>
    public int? Of(CsvRow image, string? side) => image[Key] is { } key
        ? _labels[Plain(key)].Where(label => IsOf(label.Side, side)).Select(label => (int?)label.Label).Max()
        : null;

    private static bool IsOf(string? side, string? image) => side is null or "B" or "b" || side.Equals(image, StringComparison.OrdinalIgnoreCase);

    // pandas writes whole numbers with a decimal point where one is missing.
    private static string Plain(string key) => key.EndsWith(".0", StringComparison.Ordinal) ? key[..^2] : key;
}
