using System.Text.RegularExpressions;

namespace Mammo.Tests.Architecture;

/// <summary>Which folder of a project uses which. Files of the project's own folder are the ground: all may use them, and they use none.</summary>
public sealed partial class FolderTests
{
    // A folder may also use those that it lies in.
    private static readonly Dictionary<string, Dictionary<string, string[]>> Table = new()
    {
        ["Mammo.Data"] = new()
        {
            [""] = [],
            ["Augmentation"] = ["Images", "Numerics"],
            ["Conversion"] = ["Dicom", "Files", "Images", "Loading", "Segmentation"],
            ["Datasets"] = ["Files", "Images", "Rois"],
            ["Datasets/Formats"] = ["Datasets", "Dicom", "Files", "Images", "Loading", "Rois"],
            ["Examination"] = ["Datasets", "Dicom", "Files", "Images", "Loading", "Preparations", "Rois", "Segmentation"],
            ["Dicom"] = ["Images", "Segmentation"],
            ["Dicom/Sending"] = ["Dicom", "Images"],
            ["Dicom/Writing"] = ["Dicom", "Images"],
            ["Files"] = ["Dicom", "Dicom/Sending", "Images"],
            ["Images"] = [],
            ["Loading"] = ["Dicom", "Files", "Images", "Preparations"],
            ["Numerics"] = [],
            ["Patches"] = ["Augmentation", "Datasets", "Dicom", "Files", "Images", "Loading", "Numerics", "Preparations", "Rois", "Segmentation", "Sweeps"],
            ["Preparations"] = ["Images", "Segmentation"],
            ["Rois"] = ["Dicom", "Files", "Images"],
            ["Segmentation"] = ["Images"],
            ["Splits"] = ["Datasets", "Numerics"],
            ["Sweeps"] = ["Images", "Preparations", "Segmentation"],
        },
        ["Mammo.Networks"] = new()
        {
            ["Architectures"] = ["Files", "Files/Keras", "Files/Safetensors", "Graphs", "Models"],
            ["Files"] = [],
            ["Files/Keras"] = ["Files", "Graphs"],
            ["Files/Onnx"] = ["Files", "Graphs", "Graphs/Rewriting", "Models"],
            ["Files/Safetensors"] = ["Files", "Graphs", "Models"],
            ["Graphs"] = [],
            ["Graphs/Rewriting"] = ["Graphs"],
            ["Models"] = ["Graphs"],
            ["Storage"] = ["Architectures", "Files", "Files/Keras", "Files/Safetensors", "Graphs", "Models"],
        },
        ["Mammo.Scoring"] = new()
        {
            ["Inputs"] = ["Engines", "Prediction"],
            [""] = [],
            ["Conversion"] = ["Engines", "Managed", "Prediction"],
            ["CrossValidation"] = [],
            ["DicomResults"] = ["Heatmaps", "Overlays", "Prediction"],
            ["Engines"] = ["Managed"],
            ["Heatmaps"] = ["Engines", "Prediction"],
            ["Localisation"] = ["Heatmaps"],
            ["Managed"] = [],
            ["Overlays"] = ["Heatmaps"],
            ["Prediction"] = ["Engines"],
        },
        ["Mammo.Torch"] = new()
        {
            [""] = [],
            ["Runtimes"] = [],
            ["Training"] = [],
            ["Training/Batches"] = ["Training"],
            ["Training/Checkpoints"] = ["Training"],
            ["Training/Checks"] = ["Training"],
            ["Training/Losses"] = ["Training", "Training/Optimizers"],
            ["Training/Mining"] = ["Training", "Training/Batches", "Training/Checks"],
            ["Training/Optimizers"] = ["Training"],
            ["Training/Runs"] = ["Training", "Training/Batches",
                "Training/Checkpoints", "Training/Checks", "Training/Losses", "Training/Mining", "Training/Optimizers"],
        },
        ["Mammo.Codecs"] = new()
        {
            [""] = [],
            ["Jpeg"] = [],
            ["Jpeg2000"] = [],
            ["JpegDct"] = ["Jpeg"],
            ["JpegLossless"] = ["Jpeg"],
            ["JpegLs"] = ["Jpeg"],
            ["Rle"] = [],
        },
        ["Mammo.Archive"] = new()
        {
            ["Lines"] = [],
            ["Merging"] = ["Shards", "Sorting", "Worklists"],
            ["Shards"] = ["Lines", "Sorting", "Worklists"],
            ["Sorting"] = [],
            ["Worklists"] = ["Lines", "Sorting"],
        },
        ["Mammo.Evaluation"] = new()
        {
            [""] = [],
            ["Bootstrap"] = ["Numerics"],
            ["Calibration"] = ["Numerics", "Sets"],
            ["Comparison"] = ["Bootstrap", "Measurement", "Numerics", "Roc", "Sets"],
            ["Decisions"] = ["Numerics", "Sets"],
            ["Exams"] = ["Numerics"],
            ["Localisation"] = ["Bootstrap", "Numerics", "Roc", "Sets"],
            ["Measurement"] = ["Bootstrap", "Calibration", "Decisions", "Roc", "Sets"],
            ["Numerics"] = [],
            ["Roc"] = ["Numerics", "Sets"],
            ["Sets"] = ["Numerics"],
        },
        ["Mammo.Reports"] = new()
        {
            [""] = [],
            ["Documents"] = ["Plots"],
            ["Plots"] = [],
        },
        ["Mammo.PowerShell"] = new()
        {
            ["Archive"] = ["Common"],
            ["Common"] = [],
            ["Datasets"] = ["Common"],
            ["Models"] = ["Common"],
            ["Pacs"] = ["Common"],
            ["Predictions"] = ["Common"],
            ["Reports"] = ["Common", "Predictions"],
            ["Runtime"] = ["Common"],
            ["Training"] = ["Common", "Predictions"],
        },
    };

    public static TheoryData<string> Projects => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_use_those_of_the_table(string project) => Assert.Equal(Lines(Table[project]), Lines(Uses(project)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_uses_itself_through_others(string project)
    {
        var left = Table[project].ToDictionary(row => row.Key, row => row.Value.ToHashSet(StringComparer.Ordinal));
        while (left.FirstOrDefault(row => !row.Value.Overlaps(left.Keys)) is { Key: { } lowest })
            left.Remove(lowest);
        Assert.Empty(left.Keys);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_are_folders(string project) =>
        Assert.All(Sources(project), source => Assert.Equal(Namespace(project, source.Folder), source.Namespace));

    [Fact]
    public void Folders_of_tests_are_those_of_src()
    {
        string[] own = ["Architecture", "Fuzz", "Help", "Module", "Pester", "Support"];
        var tests = Path.Combine(Shared.Repository, "tests", "Mammo.Tests");
        Assert.All(
            Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(tests, Path.GetDirectoryName(file)!))
                .Distinct(),
            folder => Assert.True(
                folder == "." || own.Append("obj").Append("bin").Contains(folder.Split(Path.DirectorySeparatorChar)[0])
                    || Directory.Exists(Path.Combine(Shared.Repository, "src", $"Mammo.{folder}")),
                $"tests/Mammo.Tests/{folder} has no folder in src."));
    }

    [Fact]
    public void Sources_are_short_enough_to_read()
    {
        var root = Path.Combine(Shared.Repository, "src");
        Assert.All(
            Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")),
            file =>
            {
                var lines = File.ReadAllLines(file);
                Assert.True(lines.Length <= 400, $"{file} has {lines.Length} lines, more than 400.");
                Assert.All(lines, line => Assert.True(line.Length <= 160, $"{file}: {line}"));
            });
    }

    private static IEnumerable<string> Lines(Dictionary<string, string[]> table) =>
        table.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key}: {string.Join(", ", row.Value)}");

    private static Dictionary<string, string[]> Uses(string project)
    {
        var sources = Sources(project);
        var folders = sources.Select(source => source.Folder).Distinct().ToDictionary(folder => Namespace(project, folder));
        var types = sources.ToLookup(source => source.Namespace, source => source.Types);
        return sources.GroupBy(source => source.Folder).ToDictionary(
            group => group.Key,
            group => group.SelectMany(Used).Concat(Parents(group.Key)).Where(folder => folder.Length > 0 && folder != group.Key).Distinct()
                .Order(StringComparer.Ordinal).ToArray());

        // Imports, and names that are qualified with the end of a namespace, such as Images.AutoLevel.
        IEnumerable<string> Used(Source source) => source.Imports.Where(folders.ContainsKey).Concat(
            from name in source.Qualified
            from outer in Outer(source.Namespace).Append("")
            let full = outer.Length == 0 ? name.Prefix : $"{outer}.{name.Prefix}"
            where folders.ContainsKey(full) && types[full].Any(declared => declared.Contains(name.Type))
            select full).Select(full => folders[full]);
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (var end = folder.LastIndexOf('/'); end > 0; end = folder.LastIndexOf('/', end - 1))
            yield return folder[..end];
    }

    private static IEnumerable<string> Outer(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
            yield return name[..end];
    }

    private static string Namespace(string project, string folder) => folder.Length == 0 ? project : $"{project}.{folder.Replace('/', '.')}";

    private static Source[] Sources(string project)
    {
        var root = Path.Combine(Shared.Repository, "src", project);
        return [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Text: File.ReadAllText(file), Path: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal) && !file.Path.StartsWith("bin/", StringComparison.Ordinal))
            .Select(file => new Source(file.Path.LastIndexOf('/') is > 0 and var end ? file.Path[..end] : "", file.Text))];
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?(Mammo[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\b(?:class|record struct|record class|record|struct|interface|enum|delegate \w+) (\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])(?<prefix>\w+(?:\.\w+)*)\.(?<type>\w+)")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    private sealed class Source(string folder, string text)
    {
        private readonly string _code = Comment().Replace(text, "");

        public string Folder => folder;

        public string Namespace => NamespaceLine().Match(text).Groups[1].Value;

        public IEnumerable<string> Imports => UsingLine().Matches(text).Select(match => match.Groups[1].Value);

        public HashSet<string> Types => [.. Declaration().Matches(_code).Select(match => match.Groups[1].Value)];

        public IEnumerable<(string Prefix, string Type)> Qualified =>
            QualifiedName().Matches(_code).SelectMany(match => Cuts($"{match.Groups["prefix"].Value}.{match.Groups["type"].Value}"));

        // a.b.C.d may be the type b.C or C: every cut is a candidate.
        private static IEnumerable<(string Prefix, string Type)> Cuts(string name)
        {
            var parts = name.Split('.');
            return Enumerable.Range(1, parts.Length - 1).Select(i => (string.Join('.', parts[..i]), parts[i]));
        }
    }
}
