using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a folder of class folders, a CSV list (as text or file object), or several datasets be given where a dataset is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DatasetTransformationAttribute : ArgumentTransformationAttribute
{
    // What else is in the pipeline is an image's file, though it holds text by mistake.
    private static readonly string[] Lists = [".csv", ".tsv"];

    private static readonly ConditionalWeakTable<MammoDataset, Finding[]> Unsaid = [];

    /// <summary>Several datasets become one; for a cmdlet that compares them they stay apart.</summary>
    public bool IsJoined { get; init; } = true;

    /// <summary>The parameter takes the pipeline, where a text may be an image too: what is no folder and no list is left to other parameters.</summary>
    public bool IsPiped { get; init; }

    /// <summary>What did not fit when a dataset was read for a parameter, once: there the cmdlet cannot say it yet.</summary>
    internal static Finding[] TakeFindings(MammoDataset dataset) => Unsaid.TryGetValue(dataset, out var findings) && Unsaid.Remove(dataset) ? findings : [];

    /// <summary>Whether the name of a file is that of a list of images.</summary>
    internal static bool IsNamedList(string path) => Lists.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        try
        {
            return Made(engineIntrinsics, inputData);
        }
        catch (MammoException failure)
        {
            throw ArgumentErrors.NotMade(failure);
        }
    }

    private object? Made(EngineIntrinsics engine, object? given)
    {
        if (ArgumentParts.Plain(given) is not { } value)
            return null;
        if (value is not IList items)
            return One(engine, value);
        MammoDataset[] datasets = [.. items.Cast<object?>().Select(item => item is null
            ? throw new MammoException(ErrorIds.ArgumentInvalid, "One of the datasets is null.", "Look at how it was made: an import may have failed.")
            : One(engine, ArgumentParts.Plain(item)!))];
        return IsJoined ? Joined(datasets) : datasets;
    }

    private static MammoDataset Joined(MammoDataset[] datasets)
    {
        var joined = MammoDataset.Join(datasets);
        Keep(joined, [.. datasets.SelectMany(TakeFindings)]);
        return joined;
    }

    private static void Keep(MammoDataset dataset, Finding[] findings)
    {
        if (findings.Length > 0)
            Unsaid.AddOrUpdate(dataset, findings);
    }

    private MammoDataset One(EngineIntrinsics engine, object value)
    {
        if (value is MammoDataset dataset)
            return dataset;
        if (value is not (string or FileSystemInfo))
            throw Other(ErrorIds.ArgumentInvalid, $"'{value}' ({value.GetType().Name}) is no dataset.");
        var path = value is FileSystemInfo file ? file.FullName : (string)value;
        var full = ArgumentPaths.Full(engine, path);
        if (Directory.Exists(full))
            return Read(ClassFolders.Import(full));
        if (!File.Exists(full))
            throw Other(ErrorIds.FileNotFound, $"'{path}' does not exist, where a dataset is wanted.");
        var content = FileContent.NameOf(full);
        if (!FileContent.IsList(content) || (IsPiped && !IsNamedList(full)))
            throw Other(ErrorIds.DatasetInvalid, $"'{path}' is {content ?? "a file of another kind"}, where a dataset is wanted.");
        return Read(DatasetCsv.Read(full));
    }

    // PowerShell tries the next parameter that takes the pipeline where a cast is said to be the cause, and shows the message where there is none.
    private Exception Other(string id, string what)
    {
        var failure = new MammoException(
            id, what, "Give a dataset (Import-MammoDataset), a folder of class folders, or a CSV list with the columns path and label.");
        return IsPiped ? ArgumentErrors.NotCast(failure) : failure;
    }

    private static MammoDataset Read(DatasetImport import)
    {
        // What leaves no image is no warning.
        if (import.Dataset.Count == 0 && import.Findings is [var first, ..])
            throw new MammoException(first.Id, first.Message, first.SuggestedFix, first.Subject);
        Keep(import.Dataset, [.. import.Findings]);
        return import.Dataset;
    }
}
