using System.Collections;
using Mammo.Networks.Architectures;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of published heads.</summary>
public sealed class RecipeCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters) => HeadRecipe.All.Select(recipe => recipe.Name);
}
