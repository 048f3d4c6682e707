using System.Collections.Immutable;
using Mammo.Networks.Models;

namespace Mammo.Networks.Files;

/// <summary>A model that was read from a file.</summary>
/// <param name="Model">The model.</param>
/// <param name="Notes">What the user should know: what was filled in, assumed, converted or dropped.</param>
public sealed record ImportedModel(MammoModel Model, ImmutableArray<string> Notes);
