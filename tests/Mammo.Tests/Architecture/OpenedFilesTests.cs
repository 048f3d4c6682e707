using System.Text.RegularExpressions;

namespace Mammo.Tests.Architecture;

/// <summary>Files are opened to be read in one place, which opens neither pipes nor devices.</summary>
public sealed partial class OpenedFilesTests
{
    // What they open is nothing that a user names as an input.
    private static readonly Dictionary<string, string> Others = new()
    {
        ["Mammo.Archive/Shards/Journal.cs"] = "writes",
        ["Mammo.Archive/Shards/Lease.cs"] = "writes",
        ["Mammo.Archive/Shards/ProcessIdentity.cs"] = "reads what the system says of processes",
        ["Mammo.Archive/Shards/ResultFile.cs"] = "cuts",
        ["Mammo.Archive/Shards/RunDescription.cs"] = "writes",
        ["Mammo.Archive/Worklists/WorklistWriter.cs"] = "writes",
        ["Mammo.Core/InputFile.cs"] = "the one place",
        ["Mammo.Core/AtomicFile.cs"] = "writes",
        ["Mammo.Core/FolderOwner.cs"] = "locks",
        ["Mammo.Archive/Shards/InFlight.cs"] = "writes",
        ["Mammo.Data/Patches/PatchTable.cs"] = "writes",
        ["Mammo.Torch/Runtimes/PackageDownload.cs"] = "writes",
        ["Mammo.Scoring/ProcessorCores.cs"] = "reads what the system says of processors",
    };

    [Fact]
    public void Nothing_else_opens_files()
    {
        var root = Path.Combine(Shared.Repository, "src");
        var users = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Opening().IsMatch(Comment().Replace(File.ReadAllText(file), "")))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));
        Assert.Equal(Others.Keys.Order(StringComparer.Ordinal), users.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(
        @"(?<![\w])(File|ZipFile|MemoryMappedFile)\.(Open|Read|Append|Create(?!SymbolicLink|Directory))\w*\b(?<!InputFile\.\w+)|"
        + @"new FileStream\(|new Stream(Reader|Writer)\(([""$]|path|\w*Path)|File\.WriteAll")]
    private static partial Regex Opening();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
