using Mammo.Archive.Shards;
using Mammo.Evaluation;
using Mammo.Scoring;

namespace Mammo.PowerShell.Archive;

/// <summary>The engine that all shards of a run score by, as its description or a prediction names it.</summary>
internal static class RunEngine
{
    /// <summary>The engine of the run whose results are in a folder; null where there is no run yet.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ResultDamaged"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static EngineKind? Of(string folder) => RunDescription.OptionOf(folder, InferenceOptions.Engine) is { } text ? Named(text) : null;

    /// <summary>The engine that the options of a run name; null where they name none.</summary>
    /// <param name="inference">The options (<see cref="InferenceOptions"/>).</param>
    public static EngineKind? Parse(string inference) =>
        InferenceOptions.Read(inference).TryGetValue(InferenceOptions.Engine, out var text) ? Named(text) : null;

    // Only between Mammo's and ONNX Runtime's do models of one run differ, and the second runs them all.
    private static EngineKind? Named(string text)
    {
        var names = text.Split(',').Select(name => name.Split(' ')[0]).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        return names.Length > 1 ? EngineKind.Onnx : Enum.TryParse<EngineKind>(names[0], ignoreCase: true, out var kind) ? kind : null;
    }
}
