using System.Collections.Immutable;

namespace Mammo.Data.Patches;

/// <summary>Where the patches of one image are.</summary>
/// <param name="Places">The patches.</param>
/// <param name="Cutoff">The lowest overlap with a region that had to do; null without patches drawn on a region.</param>
/// <param name="Warnings">What could not be had, and why.</param>
internal sealed record PatchSample(ImmutableArray<PatchPlace> Places, double? Cutoff, ImmutableArray<string> Warnings);
