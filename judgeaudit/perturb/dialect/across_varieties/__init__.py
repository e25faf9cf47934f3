"""Rules that several varieties share, each made for a variety by its rating of the feature there.

A function here makes the rules of one eWAVE feature (its number and name stand once, in the function): the variety
calls it with its own rating. What is a variety's alone stands in the variety's module.
"""
