using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;

namespace Mammo.PowerShell.Common;

/// <summary>Lets a model file (as text or file object), or the name of a model that comes with Mammo, be given where a model is wanted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly ConditionalWeakTable<MammoModel, ImportedModel> Unsaid = [];

    /// <summary>The cmdlet takes images after the model, so that the two may have been given the wrong way round.</summary>
    public bool ImagesFollow { get; init; }

    /// <summary>What was remarked when a model was read for a parameter, once: there the cmdlet cannot say it yet.</summary>
    internal static ImmutableArray<string> TakeNotes(MammoModel model) => Unsaid.TryGetValue(model, out var import) && Unsaid.Remove(model) ? import.Notes : [];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        try
        {
            return ArgumentParts.Plain(inputData) switch
            {
                null => null,
                IList items => items.Cast<object?>().Select(item => ArgumentParts.Plain(item) is { } one ? One(engineIntrinsics, one) : null).ToArray(),
                var value => One(engineIntrinsics, value),
            };
        }
        catch (MammoException failure)
        {
            throw ArgumentErrors.NotMade(failure);
        }
    }

    private MammoModel One(EngineIntrinsics engine, object value)
    {
        if (value is MammoModel model)
            return model;
        if (ImagesFollow && Images(engine, value) is { } images)
        {
            var swapped = new MammoException(
                value is Data.Datasets.MammoDataset ? ErrorIds.ArgumentInvalid : ErrorIds.ModelFileInvalid,
                $"{images} where a model is wanted.",
                "Give the model first and the images after it: Invoke-MammoPredict mini-mias ./images, or each by its name: "
                    + "-Model mini-mias -Source ./images.");
            throw value is Data.Datasets.MammoDataset ? ArgumentErrors.NotCast(swapped) : swapped;
        }

        var shipped = string.Join(", ", ShippedModels.Names);
        var fix = $"Give a model (Import-MammoModel), a model file, or the name of one that comes with Mammo ({shipped}).";
        if (value is not (string or FileInfo))
        {
            throw ArgumentErrors.NotCast(new MammoException(
                ErrorIds.ArgumentInvalid, value is Data.Datasets.MammoDataset ? "A dataset is given where a model is wanted."
                    : $"'{value}' ({value.GetType().Name}) is no model.", fix));
        }

        var path = value is FileInfo file ? file.FullName : (string)value;
        var full = ArgumentPaths.Full(engine, path);
        var isShipped = !File.Exists(full) && ShippedModels.Names.Contains(path, StringComparer.OrdinalIgnoreCase);
        if (!isShipped && !Path.Exists(full))
            throw new MammoException(ErrorIds.FileNotFound, $"'{path}' is neither a file nor the name of a model that comes with Mammo.", fix, path);
        var import = ModelFiles.Import(isShipped ? ShippedModels.PathOf(path) : full!);
        Unsaid.Add(import.Model, import);
        return import.Model;
    }

    // What is given, where it is images rather than a model.
    private static string? Images(EngineIntrinsics engine, object value)
    {
        if (value is Data.Datasets.MammoDataset)
            return "A dataset is given";
        var path = value is FileSystemInfo file ? file.FullName : value as string;
        if (path is null || ArgumentPaths.Full(engine, path) is not { } full)
            return null;
        if (Directory.Exists(full))
            return $"'{path}' is a folder,";
        return File.Exists(full) && FileContent.NameOf(full) is { } content && FileContent.IsImage(content) ? $"'{path}' is {content}," : null;
    }
}
